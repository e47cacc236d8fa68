from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.dynamodb.billing import CapacityScaling, OnDemandBilling, ProvisionedBilling
from pavedroad.database.dynamodb.replicas import TableReplica
from pavedroad.database.dynamodb.table import Table
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
MakeTable = Callable[..., Table]
MakeReplica = Callable[[str], TableReplica]
Properties = Callable[[], dict[str, Any]]

PLACED = dynamodb.Attribute(name="placed", type=dynamodb.AttributeType.STRING)
BY_DATE = dynamodb.GlobalSecondaryIndexPropsV2(index_name="by-date", partition_key=PLACED)
BY_STATE = dynamodb.LocalSecondaryIndexProps(
    index_name="by-state", sort_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING)
)


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestDefaultShape:
    def test_encrypts_with_its_own_rotated_key(self, stack: cdk.Stack, make: MakeTable, properties: Properties) -> None:
        table = make()
        assert properties()["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
        (replica,) = properties()["Replicas"]
        assert replica["SSESpecification"] == {"KMSMasterKeyId": stack.resolve(table.encryption_key.key_arn)}
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_can_be_restored_for_35_days_and_not_be_deleted_by_one_call(
        self, make: MakeTable, properties: Properties
    ) -> None:
        make()
        (replica,) = properties()["Replicas"]
        assert replica["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True,
            "RecoveryPeriodInDays": 35,
        }
        assert replica["DeletionProtectionEnabled"] is True

    def test_is_on_demand_in_this_region_only_and_ranks_throttled_keys(
        self, make: MakeTable, properties: Properties
    ) -> None:
        make()
        assert properties()["BillingMode"] == "PAY_PER_REQUEST"
        assert "StreamSpecification" not in properties()
        (replica,) = properties()["Replicas"]
        assert replica["Region"] == {"Ref": "AWS::Region"}
        assert replica["TableClass"] == "STANDARD"
        assert replica["ContributorInsightsSpecification"] == {"Enabled": True, "Mode": "THROTTLED_KEYS"}

    def test_outlives_its_stack_and_is_named_by_cloudformation(
        self, stack: cdk.Stack, make: MakeTable, properties: Properties
    ) -> None:
        make()
        for kind in ("AWS::DynamoDB::GlobalTable", "AWS::KMS::Key"):
            Template.from_stack(stack).all_resources(
                kind, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
            )
        assert "TableName" not in properties()

    def test_packs_find_nothing(self, stack: cdk.Stack, make: MakeTable, pack_findings: Findings) -> None:
        make()
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestOptions:
    def test_keys_indexes_expiry_stream_and_class(self, make: MakeTable, properties: Properties) -> None:
        make(
            sort_key=PLACED,
            table_name="orders",
            global_secondary_indexes=[BY_DATE],
            local_secondary_indexes=[BY_STATE],
            time_to_live_attribute="expires",
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            table_class=dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
            warm_throughput=dynamodb.WarmThroughput(read_units_per_second=20000, write_units_per_second=8000),
            backup_retention=Duration.days(7),
        )
        found = properties()
        assert [key["AttributeName"] for key in found["KeySchema"]] == ["customer", "placed"]
        assert found["TableName"] == "orders"
        assert [index["IndexName"] for index in found["GlobalSecondaryIndexes"]] == ["by-date"]
        assert [index["IndexName"] for index in found["LocalSecondaryIndexes"]] == ["by-state"]
        assert found["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
        assert found["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
        assert found["WarmThroughput"] == {"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 8000}
        (replica,) = found["Replicas"]
        assert replica["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
        assert replica["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"] == 7

    def test_a_given_key_is_used_and_none_is_made(
        self, stack: cdk.Stack, make: MakeTable, properties: Properties
    ) -> None:
        arn = "arn:aws:kms:eu-west-1:111111111111:key/abc"
        make(encryption_key=kms.Key.from_key_arn(stack, "Shared", arn))
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)
        assert properties()["Replicas"][0]["SSESpecification"] == {"KMSMasterKeyId": arn}

    def test_no_insights(self, make: MakeTable, properties: Properties) -> None:
        make(contributor_insights=None)
        assert properties()["Replicas"][0]["ContributorInsightsSpecification"] == {"Enabled": False}

    def test_others_may_use_the_table_by_its_policy_also_what_is_added_later(
        self, make: MakeTable, properties: Properties
    ) -> None:
        table = make()
        table.table.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["dynamodb:GetItem"], principals=[iam.AccountPrincipal("222222222222")], resources=["*"]
            )
        )
        (statement,) = properties()["Replicas"][0]["ResourcePolicy"]["PolicyDocument"]["Statement"]
        assert statement["Action"] == "dynamodb:GetItem"

    def test_has_the_tags_of_its_app(self, stack: cdk.Stack, make: MakeTable, properties: Properties) -> None:
        make()
        cdk.Tags.of(stack).add("team", "orders")
        assert {"Key": "team", "Value": "orders"} in properties()["Replicas"][0]["Tags"]

    def test_every_option_is_clean_in_the_packs(
        self, stack: cdk.Stack, make: MakeTable, replica: MakeReplica, pack_findings: Findings
    ) -> None:
        make(
            sort_key=PLACED,
            global_secondary_indexes=[BY_DATE],
            local_secondary_indexes=[BY_STATE],
            billing=ProvisionedBilling(
                read=CapacityScaling(min_capacity=1, max_capacity=9),
                write=CapacityScaling(min_capacity=1, max_capacity=9),
            ),
            replicas=[replica("eu-central-1")],
        )
        assert pack_findings(stack) == []


class TestReplicas:
    def test_have_the_settings_of_the_table_and_a_key_of_their_region(
        self, make: MakeTable, replica: MakeReplica, properties: Properties
    ) -> None:
        make(replicas=[replica("eu-central-1")], global_secondary_indexes=[BY_DATE])
        here, there = properties()["Replicas"]
        assert there["Region"] == "eu-central-1"
        assert there["SSESpecification"] == {"KMSMasterKeyId": "arn:aws:kms:eu-central-1:111111111111:key/abc"}
        for own in ("Region", "SSESpecification"):
            here.pop(own)
            there.pop(own)
        assert here == there
        assert there["DeletionProtectionEnabled"] is True

    def test_are_fed_by_a_stream_of_both_images(
        self, make: MakeTable, replica: MakeReplica, properties: Properties
    ) -> None:
        assert make(replicas=[replica("eu-central-1")]).strongly_consistent is False
        assert properties()["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert "MultiRegionConsistency" not in properties()

    def test_can_be_granted_on(self, stack: cdk.Stack, make: MakeTable, replica: MakeReplica) -> None:
        role = ManagedPolicyRole(
            stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Orders"
        )
        make(replicas=[replica("eu-central-1")]).replicas["eu-central-1"].grant_read_data(role)
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        assert ":dynamodb:eu-central-1:" in str(policy)
        assert "arn:aws:kms:eu-central-1:111111111111:key/abc" in str(policy)


class TestGrants:
    @pytest.mark.parametrize(
        ("method", "actions", "without"),
        [
            ("grant_read", {"dynamodb:GetItem", "dynamodb:Query", "kms:Decrypt"}, "dynamodb:PutItem"),
            ("grant_write", {"dynamodb:PutItem", "dynamodb:DeleteItem", "kms:GenerateDataKey*"}, "dynamodb:Query"),
            ("grant_read_write", {"dynamodb:GetItem", "dynamodb:PutItem", "kms:Decrypt"}, "dynamodb:DeleteTable"),
            ("grant_stream", {"dynamodb:GetRecords", "dynamodb:DescribeStream", "kms:Decrypt"}, "dynamodb:GetItem"),
        ],
    )
    def test_include_the_key_and_nothing_more(
        self, stack: cdk.Stack, make: MakeTable, method: str, actions: set[str], without: str
    ) -> None:
        role = ManagedPolicyRole(
            stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Orders"
        )
        table = make(stream=dynamodb.StreamViewType.NEW_IMAGE)
        assert getattr(table, method)(role).success
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        granted: set[str] = set()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            action = statement["Action"]
            granted |= {action} if isinstance(action, str) else set(action)
        assert actions <= granted
        assert without not in granted

    def test_there_is_no_stream_to_read_where_none_was_asked_for(self, stack: cdk.Stack, make: MakeTable) -> None:
        table = make()
        with pytest.raises(InvalidArgumentsError, match="cannot read a stream: give the argument stream"):
            table.grant_stream(iam.AccountRootPrincipal())


class TestWeakenedDefaults:
    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"deletion_protection": False}, "pavedroad:table-no-deletion-protection"),
            ({"removal_policy": cdk.RemovalPolicy.DESTROY}, "pavedroad:table-not-retained"),
        ],
    )
    def test_leave_a_warning(self, stack: cdk.Stack, make: MakeTable, arguments: dict[str, Any], warning: str) -> None:
        make(**arguments)
        assert [warning in text for text in warnings(stack)] == [True]


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"table_name": "a b"}, "table_name='a b': must be 3 to 255 letters"),
            ({"time_to_live_attribute": ""}, "time_to_live_attribute='': must be 1 to 255"),
            (
                {"backup_retention": Duration.days(36)},
                r"backup_retention='36 days': must be from 7 \(DynamoDB\.2\) to 35 whole",
            ),
            (
                {"backup_retention": Duration.hours(30)},
                r"backup_retention='1.25 days': must be from 7 \(DynamoDB\.2\) to 35 whole",
            ),
            ({"global_secondary_indexes": [BY_DATE] * 21}, "global_secondary_indexes='21 indexes': must be 20 or"),
            ({"local_secondary_indexes": [BY_STATE] * 6}, "local_secondary_indexes='6 indexes': must be 5 or fewer"),
        ],
    )
    def test_are_refused(self, make: MakeTable, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            make(**arguments)

    def test_an_index_has_no_capacity_of_its_own(self, make: MakeTable) -> None:
        own = dynamodb.GlobalSecondaryIndexPropsV2(
            index_name="own", partition_key=PLACED, read_capacity=dynamodb.Capacity.fixed(5)
        )
        with pytest.raises(InvalidArgumentsError, match="'own': has the capacity of the table: see billing"):
            make(global_secondary_indexes=[own])

    @pytest.mark.parametrize(
        ("region", "key_region", "message"),
        [
            ("eu-west-1", "eu-west-1", "replicas='eu-west-1': each region holds the table once, the stack's own incl"),
            ("eu-central-1", "eu-west-2", "replicas.encryption_key_arn='arn:.*': must be a key of eu-central-1"),
        ],
    )
    def test_replicas_in_the_wrong_place(
        self, app: cdk.App, make: MakeTable, region: str, key_region: str, message: str
    ) -> None:
        here = cdk.Stack(app, "Here", env=cdk.Environment(region="eu-west-1", account="111111111111"))
        key = f"arn:aws:kms:{key_region}:111111111111:key/abc"
        with pytest.raises(InvalidArgumentsError, match=message):
            make(here, replicas=[TableReplica(region=region, encryption_key_arn=key)])

    def test_replicas_are_fed_by_both_images_only(self, make: MakeTable, replica: MakeReplica) -> None:
        with pytest.raises(InvalidArgumentsError, match="stream='KEYS_ONLY': must be NEW_AND_OLD_IMAGES"):
            make(replicas=[replica("eu-central-1")], stream=dynamodb.StreamViewType.KEYS_ONLY)

    def test_all_are_told_at_once(self, make: MakeTable) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            make(table_name="a", rpo=Duration.seconds(1), billing=OnDemandBilling(max_read_request_units=0))
        assert [text in str(caught.value) for text in ("table_name", "rpo", "billing.max_read")] == [True] * 3


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("weakened", "promise"),
        [
            ({"sse_specification": None}, "Table is encrypted with a customer-managed key"),
            (
                {"replicas": [{"region": "eu-west-1", "pointInTimeRecoverySpecification": {}}]},
                "Table is encrypted with a customer-managed key",
            ),
            (
                {
                    "replicas": [
                        {
                            "region": "eu-west-1",
                            "sseSpecification": {"kmsMasterKeyId": "abc"},
                            "pointInTimeRecoverySpecification": {"pointInTimeRecoveryEnabled": False},
                        }
                    ]
                },
                "Table can be restored to any second",
            ),
        ],
    )
    def test_encryption_and_recovery(
        self, stack: cdk.Stack, make: MakeTable, weakened: dict[str, Any], promise: str
    ) -> None:
        resource = make().table.node.default_child
        for name, value in weakened.items():
            setattr(resource, name, cdk.Token.as_any(value) if value else None)
        with pytest.raises(RuntimeError, match=promise):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]], make: MakeTable
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    number = cdk.CfnParameter(product, "Number", type="Number").value_as_number
    scaling = CapacityScaling(min_capacity=number, max_capacity=number, target_utilization_percent=number)
    make(
        product,
        table_name=text("Name"),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
        backup_retention=Duration.days(number),
        billing=ProvisionedBilling(read=scaling, write=scaling),
        time_to_live_attribute=text("Expires"),
        global_secondary_indexes=[BY_DATE],
        replicas=[TableReplica(region=text("Region"), encryption_key_arn=text("CopyKeyArn"))],
    )
    resources = product_template()["Resources"]
    (table,) = (it["Properties"] for it in resources.values() if it["Type"] == "AWS::DynamoDB::GlobalTable")
    assert table["TableName"] == {"Ref": "Name"}
    assert [replica["Region"] for replica in table["Replicas"]] == [{"Ref": "AWS::Region"}, {"Ref": "Region"}]
    assert not any(resource["Type"].startswith(("Custom::", "AWS::Lambda")) for resource in resources.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack, make: MakeTable) -> None:
    make()
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {"OrdersKey6C690DD2", "Orders2A43276C"}
