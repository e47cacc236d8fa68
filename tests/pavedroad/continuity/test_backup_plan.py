from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_backup as backup
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import BackupPlan
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.continuity.alarms import BackupPlanAlarmThresholds
from pavedroad.continuity.backup_plan import BackupSelection
from pavedroad.continuity.restore_test import RestoreTest, RestoreTestSelection
from pavedroad.continuity.rules import BackupCopy, BackupRetention, BackupWindow
from pavedroad.continuity.vault import VaultLock

Findings = Callable[[cdk.Stack], list[str]]
days, hours = cdk.Duration.days, cdk.Duration.hours
ABROAD = "arn:aws:backup:eu-central-1:222222222222:backup-vault:copies"
DATABASES = BackupSelection(resources=["arn:aws:rds:*:*:db:*"])
DYNAMODB_TEST = RestoreTest(selections=[RestoreTestSelection(resource_type="DynamoDB")])


def resources(template: Template, resource_type: str) -> list[dict[str, Any]]:
    return [it["Properties"] for it in template.find_resources(resource_type).values()]


def rules(template: Template) -> dict[str, dict[str, Any]]:
    (plan,) = resources(template, "AWS::Backup::BackupPlan")
    return {rule["RuleName"]: rule for rule in plan["BackupPlan"]["BackupPlanRule"]}


def vault(template: Template) -> dict[str, Any]:
    (found,) = resources(template, "AWS::Backup::BackupVault")
    return found


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_takes_daily_weekly_and_monthly_backups(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups")
        found = rules(Template.from_stack(stack))
        assert {name: (rule["ScheduleExpression"], rule["Lifecycle"]) for name, rule in found.items()} == {
            "daily": ("cron(0 3 * * ? *)", {"DeleteAfterDays": 35}),
            "weekly": ("cron(0 3 ? * SUN *)", {"DeleteAfterDays": 90}),
            "monthly": ("cron(0 3 1 * ? *)", {"DeleteAfterDays": 365}),
        }
        for name, rule in found.items():
            assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (60, 24 * 60)
            assert rule["ScheduleExpressionTimezone"] == "Etc/UTC"
            assert rule["RecoveryPointTags"] == {"backup-rule": name}
            assert "EnableContinuousBackup" not in rule
            assert "CopyActions" not in rule

    def test_selects_what_the_mandatory_tag_marks_as_data(self, stack: cdk.Stack) -> None:
        plan = BackupPlan(stack, "Backups")
        (selection,) = resources(Template.from_stack(stack), "AWS::Backup::BackupSelection")
        assert selection["BackupPlanId"] == stack.resolve(plan.plan.ref)
        assert selection["BackupSelection"] == {
            "SelectionName": "data",
            "IamRoleArn": stack.resolve(plan.role.role_arn),
            "Resources": ["*"],
            "Conditions": {
                "StringLike": [{"ConditionKey": "aws:ResourceTag/data-classification", "ConditionValue": "*"}]
            },
        }

    def test_vault_is_encrypted_with_its_own_rotated_key_and_kept(self, stack: cdk.Stack) -> None:
        plan = BackupPlan(stack, "Backups")
        template = Template.from_stack(stack)
        assert vault(template)["EncryptionKeyArn"] == stack.resolve(plan.encryption_key.key_arn)
        template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})
        for kept in ("AWS::KMS::Key", "AWS::Backup::BackupVault"):
            template.all_resources(kept, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})

    def test_vault_is_locked_to_the_retention_of_the_plan_and_the_lock_can_be_taken_off(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups")
        assert vault(Template.from_stack(stack))["LockConfiguration"] == {
            "MinRetentionDays": 35,
            "MaxRetentionDays": 365,
        }

    def test_nobody_deletes_recovery_points(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups")
        assert vault(Template.from_stack(stack))["AccessPolicy"]["Statement"] == [
            {
                "Sid": "RecoveryPointsStay",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": [
                    "backup:DeleteRecoveryPoint",
                    "backup:DisassociateRecoveryPoint",
                    "backup:UpdateRecoveryPointLifecycle",
                ],
                "Resource": "*",
            }
        ]

    def test_the_vault_of_another_stack_of_the_same_template_has_another_name(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups")
        BackupPlan(stack, "Others")
        found = resources(Template.from_stack(stack), "AWS::Backup::BackupVault")
        parts = [it["BackupVaultName"]["Fn::Join"][1] for it in found]
        assert len({prefix for prefix, _ in parts}) == 2
        # AWS Backup takes 50 characters; the end of the stack's id has 36.
        assert all(len(prefix) + 36 <= 50 and "AWS::StackId" in str(end) for prefix, end in parts)

    def test_the_role_takes_backups_and_restores_none(self, stack: cdk.Stack) -> None:
        plan = BackupPlan(stack, "Backups")
        (role,) = resources(Template.from_stack(stack), "AWS::IAM::Role")
        assert [str(arn["Fn::Join"][1][-1]).rpartition("/")[2] for arn in role["ManagedPolicyArns"]] == [
            "AWSBackupServiceRolePolicyForBackup",
            "AWSBackupServiceRolePolicyForS3Backup",
        ]
        assert plan.restore_role is None
        assert plan.restore_testing_plan is None

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        BackupPlan(stack, "Backups")
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestObjectives:
    @pytest.mark.parametrize(
        ("rpo", "schedule"),
        [
            (hours(48), "cron(0 3 * * ? *)"),
            (hours(25), "cron(0 3 * * ? *)"),
            # The next one may start at the end of its window, an hour later than the one before.
            (hours(24), "cron(0 3/12 * * ? *)"),
            (hours(7), "cron(0 3/6 * * ? *)"),
            (hours(4), "cron(0 0/3 * * ? *)"),
            (hours(2), "cron(0 0/1 * * ? *)"),
        ],
    )
    def test_the_rpo_gives_the_hours_between_backups(self, stack: cdk.Stack, rpo: cdk.Duration, schedule: str) -> None:
        BackupPlan(stack, "Backups", rpo=rpo)
        daily = rules(Template.from_stack(stack))["daily"]
        assert daily["ScheduleExpression"] == schedule
        assert "EnableContinuousBackup" not in daily

    def test_an_rpo_below_two_hours_takes_continuous_backups_where_all_resources_have_them(
        self, stack: cdk.Stack
    ) -> None:
        BackupPlan(stack, "Backups", rpo=cdk.Duration.minutes(15), selection=DATABASES)
        found = rules(Template.from_stack(stack))
        assert {name: rule.get("EnableContinuousBackup") for name, rule in found.items()} == {
            "daily": True,
            "weekly": None,
            "monthly": None,
        }

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"rpo": cdk.Duration.minutes(10)}, "rpo='10 minutes': cannot be met by backups: continuous ones hold"),
            (
                {"rpo": hours(1), "continuous": False},
                "rpo='1 hours': cannot be met with continuous=False: .* allow 2 hours",
            ),
            ({"rpo": hours(1)}, r"rpo='1 hours': cannot be met for \*: only RDS, Aurora and S3 have continuous"),
            (
                {"rpo": hours(1), "selection": BackupSelection(resources=["arn:aws:dynamodb:*:*:table/*"])},
                "cannot be met for arn:aws:dynamodb",
            ),
            ({"rto": hours(1)}, "rto='1 hours': cannot be met by backups: restoring takes hours, and 4 are planned"),
        ],
    )
    def test_that_backups_cannot_meet_are_refused_with_the_reason(
        self, stack: cdk.Stack, arguments: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            BackupPlan(stack, "Backups", **arguments)

    def test_that_are_not_known_at_synth_are_refused(self, stack: cdk.Stack) -> None:
        parameter = cdk.CfnParameter(stack, "Hours", type="Number").value_as_number
        with pytest.raises(InvalidArgumentsError, match="rpo='a token': must be known at synth") as refused:
            BackupPlan(stack, "Backups", rpo=hours(parameter), rto=hours(parameter))
        assert "rto='a token'" in str(refused.value)

    def test_a_start_window_that_is_not_known_is_refused_where_an_rpo_needs_it(self, stack: cdk.Stack) -> None:
        parameter = cdk.CfnParameter(stack, "Minutes", type="Number").value_as_number
        window = BackupWindow(start_within=cdk.Duration.minutes(parameter))
        BackupPlan(stack, "Daily", window=window)
        with pytest.raises(InvalidArgumentsError, match=r"window.start_within='a token': must be known at synth"):
            BackupPlan(stack, "Backups", rpo=hours(4), window=window)

    def test_an_rto_that_no_restore_measures_leaves_a_warning(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Untested", rto=hours(8))
        assert ["pavedroad:backup-rto-untested" in text for text in warnings(stack)] == [True]

    def test_an_rto_that_is_tested_leaves_none(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Tested", rto=hours(8), restore_test=DYNAMODB_TEST)
        assert warnings(stack) == []


class TestOptions:
    def test_every_option_is_clean_in_the_packs(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        key = kms.Key(stack, "TopicKey", enable_key_rotation=True)
        topic = sns.Topic(stack, "Topic", master_key=key, enforce_ssl=True)
        plan = BackupPlan(
            stack,
            "Backups",
            rpo=hours(7),
            rto=hours(8),
            continuous=True,
            copies=[BackupCopy(vault_arn=ABROAD, account="222222222222")],
            lock=VaultLock(changeable_for=days(7)),
            source_accounts=["333333333333"],
            restore_test=DYNAMODB_TEST,
            notification_topic=topic,
        )
        plan.add_alarms(topic)
        assert pack_findings(stack) == []

    def test_retention_and_cold_storage_of_monthly_backups(self, stack: cdk.Stack) -> None:
        kept = BackupRetention(daily=days(7), weekly=None, monthly=days(2555), cold_storage_after=days(30))
        BackupPlan(stack, "Backups", retention=kept)
        template = Template.from_stack(stack)
        assert {name: rule["Lifecycle"] for name, rule in rules(template).items()} == {
            "daily": {"DeleteAfterDays": 7},
            "monthly": {"DeleteAfterDays": 2555, "MoveToColdStorageAfterDays": 30},
        }
        assert vault(template)["LockConfiguration"] == {"MinRetentionDays": 7, "MaxRetentionDays": 2555}

    def test_continuous_backups_can_be_asked_for(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups", continuous=True)
        assert rules(Template.from_stack(stack))["daily"]["EnableContinuousBackup"] is True

    def test_selection_by_another_tag_among_named_resources(self, stack: cdk.Stack) -> None:
        chosen = BackupSelection(
            tag_key="backup", tag_value="yes", resources=["arn:a*"], excluded_resources=["arn:aws:s3:::scratch"]
        )
        BackupPlan(stack, "Backups", selection=chosen)
        (selection,) = resources(Template.from_stack(stack), "AWS::Backup::BackupSelection")
        found = selection["BackupSelection"]
        assert found["Resources"] == ["arn:a*"]
        assert found["NotResources"] == ["arn:aws:s3:::scratch"]
        assert found["Conditions"] == {
            "StringLike": [{"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes"}]
        }

    def test_selection_by_resources_alone(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups", selection=BackupSelection(tag_key=None, resources=["arn:aws:s3:::orders"]))
        (selection,) = resources(Template.from_stack(stack), "AWS::Backup::BackupSelection")
        assert "Conditions" not in selection["BackupSelection"]

    def test_windows(self, stack: cdk.Stack) -> None:
        BackupPlan(
            stack,
            "Backups",
            window=BackupWindow(start="22:30", start_within=hours(2), complete_within=hours(6)),
        )
        daily = rules(Template.from_stack(stack))["daily"]
        assert daily["ScheduleExpression"] == "cron(30 22 * * ? *)"
        assert (daily["StartWindowMinutes"], daily["CompletionWindowMinutes"]) == (120, 360)

    def test_copies_are_kept_as_long_as_the_backup_or_as_they_say(self, stack: cdk.Stack) -> None:
        copies = [BackupCopy(vault_arn=ABROAD), BackupCopy(vault_arn=ABROAD + "-short", retention=days(14))]
        kept = BackupRetention(cold_storage_after=days(30))
        BackupPlan(stack, "Backups", copies=copies, retention=kept)
        template = Template.from_stack(stack)
        assert rules(template)["monthly"]["CopyActions"] == [
            {
                "DestinationBackupVaultArn": ABROAD,
                "Lifecycle": {"DeleteAfterDays": 365, "MoveToColdStorageAfterDays": 30},
            },
            {"DestinationBackupVaultArn": ABROAD + "-short", "Lifecycle": {"DeleteAfterDays": 14}},
        ]
        assert "CopiesToAccounts" not in str(template.to_json())

    def test_an_account_that_gets_copies_may_use_the_key_through_aws_backup_only(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups", copies=[BackupCopy(vault_arn=ABROAD, account="222222222222")])
        (key,) = resources(Template.from_stack(stack), "AWS::KMS::Key")
        use, grants = key["KeyPolicy"]["Statement"][1:]
        assert use["Condition"] == {"StringLike": {"kms:ViaService": "backup.*.amazonaws.com"}}
        assert (grants["Action"], grants["Condition"]) == (
            "kms:CreateGrant",
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
        assert "222222222222" in str(use["Principal"])

    def test_named_accounts_may_copy_into_the_vault_and_nothing_else(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups", source_accounts=["333333333333"])
        admitted = vault(Template.from_stack(stack))["AccessPolicy"]["Statement"][1]
        assert admitted["Action"] == "backup:CopyIntoBackupVault"
        assert "333333333333" in str(admitted["Principal"])

    def test_a_compliance_lock_says_how_long_it_can_be_taken_back(self, stack: cdk.Stack) -> None:
        BackupPlan(
            stack,
            "Backups",
            lock=VaultLock(changeable_for=days(7), min_retention=days(7), max_retention=days(3650)),
        )
        assert vault(Template.from_stack(stack))["LockConfiguration"] == {
            "MinRetentionDays": 7,
            "MaxRetentionDays": 3650,
            "ChangeableForDays": 7,
        }

    def test_no_lock_leaves_a_warning(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups", lock=None)
        assert "LockConfiguration" not in vault(Template.from_stack(stack))
        assert ["pavedroad:backup-vault-unlocked" in text for text in warnings(stack)] == [True]

    def test_a_given_key_is_used_and_none_is_made(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        BackupPlan(stack, "Backups", encryption_key=key)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 0)
        assert vault(template)["EncryptionKeyArn"] == key.key_arn

    def test_restore_test_restores_the_latest_backups_of_this_vault(self, stack: cdk.Stack) -> None:
        test = RestoreTest(
            selections=[
                RestoreTestSelection(
                    resource_type="RDS", restore_metadata_overrides={"dbsubnetgroupname": "restore-tests"}
                ),
                RestoreTestSelection(resource_type="S3", resource_arns=["arn:aws:s3:::orders"]),
            ],
            frequency="monthly",
            validation_window_hours=12,
        )
        plan = BackupPlan(stack, "Backups", restore_test=test, continuous=True)
        template = Template.from_stack(stack)
        (found,) = resources(template, "AWS::Backup::RestoreTestingPlan")
        assert found["ScheduleExpression"] == "cron(0 9 2 * ? *)"
        assert found["RecoveryPointSelection"] == {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "IncludeVaults": [stack.resolve(plan.vault.backup_vault_arn)],
            "RecoveryPointTypes": ["SNAPSHOT", "CONTINUOUS"],
            "SelectionWindowDays": 31,
        }
        by_type = {
            it["ProtectedResourceType"]: it for it in resources(template, "AWS::Backup::RestoreTestingSelection")
        }
        assert by_type["RDS"]["RestoreMetadataOverrides"] == {"dbsubnetgroupname": "restore-tests"}
        assert by_type["RDS"]["ProtectedResourceArns"] == ["*"]
        assert by_type["S3"]["ProtectedResourceArns"] == ["arn:aws:s3:::orders"]
        assert plan.restore_role is not None
        assert {str(it["IamRoleArn"]) for it in by_type.values()} == {str(stack.resolve(plan.restore_role.role_arn))}
        assert {it["ValidationWindowHours"] for it in by_type.values()} == {12}

    def test_a_restore_test_without_continuous_backups_restores_snapshots_every_week(self, stack: cdk.Stack) -> None:
        BackupPlan(stack, "Backups", restore_test=DYNAMODB_TEST)
        (found,) = resources(Template.from_stack(stack), "AWS::Backup::RestoreTestingPlan")
        assert found["ScheduleExpression"] == "cron(0 9 ? * MON *)"
        assert found["RecoveryPointSelection"]["RecoveryPointTypes"] == ["SNAPSHOT"]

    def test_notifications_are_published_for_this_account_only(self, stack: cdk.Stack) -> None:
        key = kms.Key(stack, "TopicKey")
        topic = sns.Topic(stack, "Topic", master_key=key)
        BackupPlan(stack, "Backups", notification_topic=topic)
        template = Template.from_stack(stack)
        told = vault(template)["Notifications"]
        assert told["SNSTopicArn"] == stack.resolve(topic.topic_arn)
        assert "COPY_JOB_FAILED" in told["BackupVaultEvents"]
        own = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        for resource_type, document in (("AWS::SNS::TopicPolicy", "PolicyDocument"), ("AWS::KMS::Key", "KeyPolicy")):
            allowed = [
                statement
                for it in resources(template, resource_type)
                for statement in it[document]["Statement"]
                if statement["Principal"] == {"Service": "backup.amazonaws.com"}
            ]
            assert [statement["Condition"] for statement in allowed] == [own]
        (depends,) = [it["DependsOn"] for it in template.find_resources("AWS::Backup::BackupVault").values()]
        assert any(name.startswith("TopicPolicy") for name in depends)


class TestAlarms:
    def test_tell_of_failed_expired_and_missing_backups(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
        plan = BackupPlan(stack, "Backups")
        alarms = plan.add_alarms(topic, BackupPlanAlarmThresholds(failed_jobs=2, completed_jobs=5))
        template = Template.from_stack(stack)
        found = {it["MetricName"]: it for it in resources(template, "AWS::CloudWatch::Alarm")}
        assert len(alarms) == 3
        assert {name: (it["Threshold"], it["Period"], it["TreatMissingData"]) for name, it in found.items()} == {
            "NumberOfBackupJobsFailed": (2, 3600, "notBreaching"),
            "NumberOfBackupJobsExpired": (0, 3600, "notBreaching"),
            "NumberOfBackupJobsCompleted": (5, 86400, "breaching"),
        }
        name = stack.resolve(plan.vault.backup_vault_name)
        assert all(it["Dimensions"] == [{"Name": "BackupVaultName", "Value": name}] for it in found.values())
        assert all(it["AlarmActions"] == [topic.topic_arn] for it in found.values())

    def test_tell_of_failed_copies_where_there_are_any(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
        BackupPlan(stack, "Backups", copies=[BackupCopy(vault_arn=ABROAD)]).add_alarms(topic)
        Template.from_stack(stack).has_resource_properties(
            "AWS::CloudWatch::Alarm", {"MetricName": "NumberOfCopyJobsFailed", "Threshold": 0}
        )

    def test_failed_restores_are_told_by_eventbridge(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:on-call")
        plan = BackupPlan(stack, "Backups")
        plan.add_alarms(topic)
        assert plan.failed_restores is not None
        (rule,) = resources(Template.from_stack(stack), "AWS::Events::Rule")
        assert rule["EventPattern"] == {
            "source": ["aws.backup"],
            "detail-type": ["Restore Job State Change"],
            "detail": {"status": ["FAILED", "ABORTED"]},
        }
        assert rule["Targets"][0]["Arn"] == topic.topic_arn

    def test_metrics_are_of_the_vault(self, stack: cdk.Stack) -> None:
        metric = BackupPlan(stack, "Backups").metric("NumberOfBackupJobsRunning", period=hours(2))
        assert (metric.namespace, metric.statistic, metric.period.to_hours()) == ("AWS/Backup", "Sum", 2)


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"retention": BackupRetention(daily=hours(30))}, "retention.daily='1.25 days': must be whole days"),
            ({"retention": BackupRetention(daily=days(0))}, "retention.daily='0 days': must be whole days, one or mo"),
            (
                {"retention": BackupRetention(weekly=days(400))},
                "retention.weekly='400 days': must not be longer than monthly, 365",
            ),
            (
                {"retention": BackupRetention(daily=days(60)), "continuous": True},
                "retention.daily='60 days': must be 35 or fewer, as continuous",
            ),
            (
                {"retention": BackupRetention(cold_storage_after=days(300))},
                "retention.cold_storage_after='300 days': needs monthly backups that are kept 90 days longer",
            ),
            (
                {"retention": BackupRetention(monthly=None, cold_storage_after=days(30))},
                "retention.cold_storage_after='30 days': needs monthly backups",
            ),
            ({"window": BackupWindow(start="3am")}, "window.start='3am': must be hh:mm, such as 03:00"),
            (
                {"window": BackupWindow(start_within=cdk.Duration.minutes(30))},
                "window.start_within='30 minutes': must be an hour or longer",
            ),
            (
                {"window": BackupWindow(complete_within=hours(1))},
                "window.complete_within='60 minutes': must be longer than start_within",
            ),
            ({"lock": VaultLock(changeable_for=days(1))}, "lock.changeable_for='1 days': must be 3 days or more"),
            ({"lock": VaultLock(min_retention=days(40))}, "lock.min_retention='40 days': must be 35 or fewer"),
            ({"lock": VaultLock(max_retention=days(40))}, "lock.max_retention='40 days': must be 365 or more"),
            ({"source_accounts": ["prod"]}, "source_accounts='prod': must be an account id of 12 digits"),
            ({"copies": [BackupCopy(vault_arn=ABROAD, account="7")]}, "copies.account='7': must be an account id"),
            ({"selection": BackupSelection(resources=())}, r"selection.resources=\(\): must name one or more"),
            ({"restore_test": RestoreTest(selections=[])}, r"restore_test.selections=\[\]: must be one or more"),
            (
                {"restore_test": RestoreTest(selections=[RestoreTestSelection(resource_type="SQS")])},
                "restore_test.selections='SQS': must be one of Aurora, DocumentDB",
            ),
            (
                {"restore_test": RestoreTest(selections=DYNAMODB_TEST.selections, frequency="daily")},
                "restore_test.frequency='daily': must be one of monthly, weekly",
            ),
            (
                {"restore_test": RestoreTest(selections=DYNAMODB_TEST.selections, validation_window_hours=200)},
                "restore_test.validation_window_hours=200: must be from 1 to 168",
            ),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            BackupPlan(stack, "Backups", **arguments)

    def test_are_told_at_once(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as refused:
            BackupPlan(stack, "Backups", rto=hours(1), source_accounts=["prod"], window=BackupWindow(start="x"))
        assert all(name in str(refused.value) for name in ("rto=", "source_accounts=", "window.start="))


class TestCannotBeUndone:
    def test_encryption(self, stack: cdk.Stack) -> None:
        _vault(BackupPlan(stack, "Backups")).encryption_key_arn = None
        with pytest.raises(RuntimeError, match="BackupPlan encrypts what its vault holds; the EncryptionKeyArn was"):
            Template.from_stack(stack)

    def test_denial_of_deletion(self, stack: cdk.Stack) -> None:
        _vault(BackupPlan(stack, "Backups")).access_policy = {"Version": "2012-10-17", "Statement": []}
        with pytest.raises(RuntimeError, match="BackupPlan deletes no recovery point before its time"):
            Template.from_stack(stack)

    def test_lock(self, stack: cdk.Stack) -> None:
        _vault(BackupPlan(stack, "Backups")).lock_configuration = None
        with pytest.raises(RuntimeError, match="BackupPlan locks its vault; the LockConfiguration was removed"):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    def number(name: str) -> int:
        return cdk.CfnParameter(product, name, type="Number").value_as_number  # type: ignore[return-value]

    BackupPlan(
        product,
        "Backups",
        selection=BackupSelection(tag_value=text("Classification"), resources=[text("Resource")]),
        retention=BackupRetention(daily=days(number("Daily")), monthly=days(number("Monthly"))),
        window=BackupWindow(start=text("Start"), complete_within=cdk.Duration.minutes(number("Complete"))),
        copies=[BackupCopy(vault_arn=text("Copies"), account=text("Account"))],
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
        restore_test=DYNAMODB_TEST,
    )
    found = product_template()["Resources"]
    (plan,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::Backup::BackupPlan"]
    daily = plan["BackupPlan"]["BackupPlanRule"][0]
    assert daily["Lifecycle"] == {"DeleteAfterDays": {"Ref": "Daily"}}
    assert {"Fn::Split": [":", {"Ref": "Start"}]} in str_parts(daily["ScheduleExpression"])
    (locked,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::Backup::BackupVault"]
    assert locked["LockConfiguration"] == {"MinRetentionDays": {"Ref": "Daily"}, "MaxRetentionDays": {"Ref": "Monthly"}}
    assert not any(it["Type"].startswith(("Custom::", "AWS::Lambda")) for it in found.values())


def str_parts(joined: dict[str, Any]) -> list[Any]:
    return [part["Fn::Select"][1] for part in joined["Fn::Join"][1] if isinstance(part, dict)]


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    BackupPlan(stack, "Backups", restore_test=DYNAMODB_TEST)
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "Backups9A29A52D",
        "BackupsKeyC696F888",
        "BackupsRestoreRole6C275DF1",
        "BackupsRestoreTestingPlanA1ABE742",
        "BackupsRestoreTestingSelectionDynamoDBF4EABBC2",
        "BackupsRoleD4F311A7",
        "BackupsSelection8B2FAD49",
        "BackupsVault1F11AFCC",
    }


def _vault(plan: BackupPlan) -> backup.CfnBackupVault:
    resource = plan.vault.node.default_child
    assert isinstance(resource, backup.CfnBackupVault)
    return resource
