from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.keyspaces.schema import ClusteringColumn, Column, WideColumnTable
from pavedroad.database.keyspaces.throughput import ProvisionedThroughput, ThroughputScaling
from pavedroad.database.keyspaces.wide_column_keyspace import WideColumnKeyspace
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
MakeKeyspace = Callable[..., WideColumnKeyspace]
MakeTable = Callable[..., WideColumnTable]
Properties = Callable[..., dict[str, Any]]

SCALED = ProvisionedThroughput(
    read=ThroughputScaling(min_units=5, max_units=500),
    write=ThroughputScaling(
        min_units=2, max_units=20, target_utilization_percent=50, scale_in_cooldown=Duration.minutes(10)
    ),
)


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def scaling(low: float, high: float, target: float = 70, **cooldowns: int) -> dict[str, Any]:
    tracking = {"TargetValue": target, "DisableScaleIn": False, **cooldowns}
    return {
        "AutoScalingDisabled": False,
        "MinimumUnits": low,
        "MaximumUnits": high,
        "ScalingPolicy": {"TargetTrackingScalingPolicyConfiguration": tracking},
    }


class TestDefaultShape:
    def test_encrypts_with_its_own_rotated_key(
        self, stack: cdk.Stack, make: MakeKeyspace, properties: Properties
    ) -> None:
        key = make().encryption_key
        assert key is not None
        assert properties()["EncryptionSpecification"] == {
            "EncryptionType": "CUSTOMER_MANAGED_KMS_KEY",
            "KmsKeyIdentifier": stack.resolve(key.key_arn),
        }
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_can_be_restored_is_on_demand_and_in_one_region(self, make: MakeKeyspace, properties: Properties) -> None:
        make()
        table = properties()
        assert table["PointInTimeRecoveryEnabled"] is True
        assert table["BillingMode"] == {"Mode": "ON_DEMAND"}
        assert {"AutoScalingSpecifications", "ReplicaSpecifications", "DefaultTimeToLive"}.isdisjoint(table)
        keyspace = properties("Keyspace")
        assert keyspace["ReplicationSpecification"] == {"ReplicationStrategy": "SINGLE_REGION"}
        assert "ClientSideTimestampsEnabled" not in keyspace

    def test_outlives_its_stack(self, stack: cdk.Stack, make: MakeKeyspace) -> None:
        make()
        for kind in ("AWS::Cassandra::Keyspace", "AWS::Cassandra::Table", "AWS::KMS::Key"):
            Template.from_stack(stack).all_resources(
                kind, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
            )

    def test_packs_find_nothing(self, stack: cdk.Stack, make: MakeKeyspace, pack_findings: Findings) -> None:
        make()
        assert pack_findings(stack) == []
        assert warnings(stack) == []


class TestTables:
    def test_have_typed_columns_expiry_and_timestamps(
        self, make: MakeKeyspace, table: MakeTable, properties: Properties
    ) -> None:
        readings = table(
            clustering_key=[
                ClusteringColumn(column=Column(name="taken", type="timestamp"), descending=True),
                ClusteringColumn(column=Column(name="kind", type="text")),
            ],
            columns=[Column(name="labels", type="map<text, frozen<list<int>>>")],
            default_time_to_live=Duration.days(2),
            client_side_timestamps=True,
        )
        make(tables=[readings], keyspace_name="telemetry")
        found = properties()
        assert found["TableName"] == "readings"
        assert found["KeyspaceName"] == {"Ref": "Telemetry1B1C5A07"}
        assert found["PartitionKeyColumns"] == [{"ColumnName": "sensor", "ColumnType": "uuid"}]
        assert found["ClusteringKeyColumns"] == [
            {"Column": {"ColumnName": "taken", "ColumnType": "timestamp"}, "OrderBy": "DESC"},
            {"Column": {"ColumnName": "kind", "ColumnType": "text"}, "OrderBy": "ASC"},
        ]
        assert found["RegularColumns"] == [{"ColumnName": "labels", "ColumnType": "map<text, frozen<list<int>>>"}]
        assert (found["DefaultTimeToLive"], found["ClientSideTimestampsEnabled"]) == (172_800, True)
        assert properties("Keyspace")["KeyspaceName"] == "telemetry"

    def test_are_scaled_out_and_in(self, make: MakeKeyspace, table: MakeTable, properties: Properties) -> None:
        make(tables=[table(throughput=SCALED)])
        found = properties()
        assert found["BillingMode"] == {
            "Mode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 2},
        }
        assert found["AutoScalingSpecifications"] == {
            "ReadCapacityAutoScaling": scaling(5, 500),
            "WriteCapacityAutoScaling": scaling(2, 20, 50, ScaleInCooldown=600),
        }

    def test_do_not_change_places(self, stack: cdk.Stack, make: MakeKeyspace, table: MakeTable) -> None:
        both = [table(), table(name="alerts")]
        make(tables=both)
        other = cdk.Stack(stack.node.root, "Other")  # type: ignore[arg-type]
        make(other, tables=both[::-1])
        ids = [set(Template.from_stack(each).find_resources("AWS::Cassandra::Table")) for each in (stack, other)]
        assert ids[0] == ids[1]

    def test_use_a_given_key(self, stack: cdk.Stack, make: MakeKeyspace, properties: Properties) -> None:
        arn = "arn:aws:kms:eu-west-1:111111111111:key/abc"
        make(encryption_key=kms.Key.from_key_arn(stack, "Shared", arn))
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)
        assert properties()["EncryptionSpecification"]["KmsKeyIdentifier"] == arn


class TestReplicas:
    def test_are_in_every_region_with_a_key_that_aws_owns_and_timestamps_of_clients(
        self, stack: cdk.Stack, make: MakeKeyspace, table: MakeTable, properties: Properties
    ) -> None:
        keyspace = make(tables=[table(throughput=SCALED)], replica_regions=["eu-central-1"])
        assert keyspace.encryption_key is None
        regions = [{"Ref": "AWS::Region"}, "eu-central-1"]
        assert properties("Keyspace")["ClientSideTimestampsEnabled"] is True
        replication = {"ReplicationStrategy": "MULTI_REGION", "RegionList": regions}
        assert properties("Keyspace")["ReplicationSpecification"] == replication
        found = properties()
        assert found["EncryptionSpecification"] == {"EncryptionType": "AWS_OWNED_KMS_KEY"}
        assert found["ClientSideTimestampsEnabled"] is True
        assert found["ReplicaSpecifications"] == [
            {"Region": region, "ReadCapacityUnits": 5, "ReadCapacityAutoScaling": scaling(5, 500)} for region in regions
        ]
        assert ["pavedroad:keyspace-aws-owned-key" in text for text in warnings(stack)] == [True]

    def test_on_demand(self, make: MakeKeyspace, properties: Properties) -> None:
        make(replica_regions=["eu-central-1"])
        assert properties()["ReplicaSpecifications"] == [
            {"Region": {"Ref": "AWS::Region"}},
            {"Region": "eu-central-1"},
        ]


class TestRecovery:
    def test_point_in_time_recovery_meets_hours(self, make: MakeKeyspace) -> None:
        assert make(rpo=Duration.seconds(5), rto=Duration.hours(4)).encryption_key is not None

    def test_replicas_meet_a_shorter_outage(self, make: MakeKeyspace) -> None:
        assert make(rto=Duration.minutes(1), replica_regions=["eu-central-1"]).encryption_key is None

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"rpo": Duration.seconds(0)}, "rpo='0 seconds': cannot be met: replication is asynchronous"),
            ({"rto": Duration.hours(1)}, "rto='3600 seconds': cannot be met without replica_regions: restoring"),
            ({"replica_regions": ["eu-west-1"]}, "replica_regions='eu-west-1': stands twice, or is the region of the"),
            ({"replica_regions": ["eu-west-2"] * 2}, "replica_regions='eu-west-2': stands twice"),
            ({"replica_regions": list("abcdef")}, "replica_regions='6 regions': must be 5 or fewer"),
        ],
    )
    def test_what_cannot_be_met_or_replicated(
        self, app: cdk.App, make: MakeKeyspace, arguments: dict[str, Any], message: str
    ) -> None:
        here = cdk.Stack(app, "Here", env=cdk.Environment(region="eu-west-1", account="111111111111"))
        with pytest.raises(InvalidArgumentsError, match=message):
            make(here, **arguments)


class TestGrants:
    @pytest.mark.parametrize(
        ("method", "on_rows"),
        [
            ("grant_read", {"cassandra:Select"}),
            ("grant_write", {"cassandra:Modify"}),
            ("grant_read_write", {"cassandra:Modify", "cassandra:Select"}),
        ],
    )
    def test_are_of_one_table_and_of_the_schema(
        self, stack: cdk.Stack, make: MakeKeyspace, method: str, on_rows: set[str]
    ) -> None:
        role = ManagedPolicyRole(
            stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Telemetry"
        )
        assert getattr(make(keyspace_name="telemetry"), method)(role, table="readings").success
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        granted: dict[str, set[str]] = {}
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            for resource in resources if isinstance(resources, list) else [resources]:
                name = str(resource["Fn::Join"][1][-1]).split("/table/")
                kind = "rows" if name[-1] == "readings" else "schema"
                granted.setdefault(kind, set()).update([actions] if isinstance(actions, str) else actions)
        assert granted == {"rows": on_rows, "schema": {"cassandra:Select"}}

    def test_of_another_table(self, make: MakeKeyspace) -> None:
        keyspace = make()
        with pytest.raises(InvalidArgumentsError, match="table='alerts': must be one of readings"):
            keyspace.grant_read(iam.AccountRootPrincipal(), table="alerts")


def test_what_does_not_outlive_its_stack_leaves_a_warning(stack: cdk.Stack, make: MakeKeyspace) -> None:
    make(removal_policy=RemovalPolicy.DESTROY)
    assert ["pavedroad:keyspace-not-retained" in text for text in warnings(stack)] == [True]


class TestBadArguments:
    @pytest.mark.parametrize(
        ("attributes", "message"),
        [
            ({"name": "_readings"}, "tables.name='_readings': must be 2 to 48 letters"),
            ({"partition_key": []}, r"tables.readings.partition_key=\[\]: must name one column at least"),
            ({"columns": [Column(name="x-y", type="text")]}, "tables.readings.columns='x-y': must be 2 to 48 letters"),
            ({"columns": [Column(name="sensor", type="text")]}, "tables.readings.columns='sensor': stands twice"),
            ({"columns": [Column(name="size", type="string")]}, "tables.readings.size='string': must be a type of CQL"),
            ({"columns": [Column(name="all", type="list<string>")]}, "tables.readings.all='list<string>': must be a"),
            ({"columns": [Column(name="all", type="list<text")]}, "tables.readings.all='list<text': must be a type"),
            ({"default_time_to_live": Duration.days(8000)}, "default_time_to_live=691200000: must be from 1 to"),
            (
                {
                    "throughput": ProvisionedThroughput(
                        read=ThroughputScaling(min_units=0, max_units=1),
                        write=ThroughputScaling(min_units=5, max_units=1, target_utilization_percent=99),
                    )
                },
                "read.min_units=0: must be 1 or more; .*target_utilization_percent=99: must be .*max_units=1: must",
            ),
        ],
    )
    def test_of_a_table(self, make: MakeKeyspace, table: MakeTable, attributes: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            make(tables=[table(**attributes)])

    def test_of_the_keyspace(self, stack: cdk.Stack, make: MakeKeyspace, table: MakeTable) -> None:
        key = kms.Key.from_key_arn(stack, "Shared", "arn:aws:kms:eu-west-1:111111111111:key/abc")
        with pytest.raises(InvalidArgumentsError) as caught:
            make(keyspace_name="a", tables=[table(), table()], encryption_key=key, replica_regions=["eu-central-1"])
        assert str(caught.value).split(": ", 1)[1] == (
            "keyspace_name='a': must be 2 to 48 letters, digits and underscores, not beginning with an underscore; "
            "tables.name='readings': stands twice; encryption_key='Stack/Shared': must be left out with "
            "replica_regions: Keyspaces encrypts them with a key that AWS owns"
        )

    def test_a_table_is_known_at_synth(self, stack: cdk.Stack, make: MakeKeyspace, table: MakeTable) -> None:
        name = cdk.CfnParameter(stack, "Name").value_as_string
        with pytest.raises(InvalidArgumentsError, match=r"tables\.name='a token': must be known at synth"):
            make(tables=[table(name=name)])


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("name", "value", "promise"),
        [
            ("point_in_time_recovery_enabled", False, "WideColumnKeyspace can restore its table readings"),
            ("encryption_specification", None, "WideColumnKeyspace encrypts its table readings"),
            (
                "encryption_specification",
                {"encryptionType": "AWS_OWNED_KMS_KEY"},
                "WideColumnKeyspace encrypts its table readings",
            ),
        ],
    )
    def test_recovery_and_encryption(
        self, stack: cdk.Stack, make: MakeKeyspace, name: str, value: Any, promise: str
    ) -> None:
        weakened = cdk.Token.as_any(value) if isinstance(value, dict) else value
        setattr(make().tables["readings"], name, weakened)
        with pytest.raises(RuntimeError, match=promise):
            Template.from_stack(stack)


def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack,
    product_template: Callable[[], dict[str, Any]],
    make: MakeKeyspace,
    table: MakeTable,
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    number = cdk.CfnParameter(product, "Number", type="Number").value_as_number
    bounds = ThroughputScaling(min_units=number, max_units=number, target_utilization_percent=number)
    readings = table(
        columns=[Column(name=text("Column"), type=text("Type"))],
        throughput=ProvisionedThroughput(read=bounds, write=bounds),
        default_time_to_live=Duration.seconds(number),
    )
    make(
        product,
        tables=[readings],
        keyspace_name=text("Name"),
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
    )
    resources = product_template()["Resources"]
    (made,) = (it["Properties"] for it in resources.values() if it["Type"] == "AWS::Cassandra::Table")
    assert made["DefaultTimeToLive"] == {"Ref": "Number"}
    assert not any(resource["Type"].startswith(("Custom::", "AWS::Lambda")) for resource in resources.values())


def test_logical_ids_are_a_contract(stack: cdk.Stack, make: MakeKeyspace) -> None:
    make()
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {
        "TelemetryKey45B9E825",
        "Telemetry1B1C5A07",
        "TelemetryTablereadingsF9B1A020",
    }
