from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.database.elasticache.cache import Cache
from pavedroad.database.elasticache.capacity import CacheScaling, NodeCapacity, ServerlessCapacity
from pavedroad.database.elasticache.engines import CacheEngine
from pavedroad.database.elasticache.users import CacheUser
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
MakeCache = Callable[..., Cache]
OfType = Callable[[str], list[dict[str, Any]]]

SERVERLESS = ServerlessCapacity()
REDIS = CacheEngine(name="redis", version="7.1")


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


class TestNodes:
    def test_are_encrypted_at_rest_with_an_own_rotated_key_and_in_transit(
        self, stack: cdk.Stack, make: MakeCache, of_type: OfType
    ) -> None:
        cache = make()
        (group,) = of_type("ReplicationGroup")
        assert group["AtRestEncryptionEnabled"] is True
        assert group["KmsKeyId"] == stack.resolve(cache.encryption_key.key_arn)
        assert (group["TransitEncryptionEnabled"], group["TransitEncryptionMode"]) == (True, "required")
        Template.from_stack(stack).has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})

    def test_fail_over_between_zones_and_upgrade_themselves(self, make: MakeCache, of_type: OfType) -> None:
        assert make().replicas_per_shard == 1
        (group,) = of_type("ReplicationGroup")
        assert group["AutomaticFailoverEnabled"] is group["MultiAZEnabled"] is group["AutoMinorVersionUpgrade"] is True
        assert (group["NumNodeGroups"], group["ReplicasPerNodeGroup"], group["ClusterMode"]) == (1, 1, "enabled")
        assert (group["Engine"], group["EngineVersion"]) == ("valkey", "8.1")

    def test_are_backed_up_daily_and_leave_a_last_snapshot(
        self, stack: cdk.Stack, make: MakeCache, of_type: OfType
    ) -> None:
        make()
        (group,) = of_type("ReplicationGroup")
        assert group["SnapshotRetentionLimit"] == 35
        Template.from_stack(stack).has_resource(
            "AWS::ElastiCache::ReplicationGroup", {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
        )

    def test_stand_in_isolated_subnets_behind_a_closed_security_group_on_a_port_of_their_own(
        self, stack: cdk.Stack, make: MakeCache, vpc: ec2.Vpc, of_type: OfType
    ) -> None:
        cache = make()
        (group,), (subnets,) = of_type("ReplicationGroup"), of_type("SubnetGroup")
        assert subnets["SubnetIds"] == [stack.resolve(subnet.subnet_id) for subnet in vpc.isolated_subnets]
        assert group["CacheSubnetGroupName"]["Ref"].startswith("SessionsSubnetGroup")
        assert group["Port"] == 16379
        (security_group,) = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroup").values()
        assert "SecurityGroupIngress" not in security_group["Properties"]
        assert "0.0.0.0/0" not in str(security_group)
        assert stack.resolve(cache.endpoint_address)["Fn::GetAtt"][1] == "ConfigurationEndPoint.Address"

    def test_log_slow_commands_and_the_engine_to_encrypted_log_groups_for_a_year(
        self, stack: cdk.Stack, make: MakeCache, of_type: OfType
    ) -> None:
        cache = make()
        (group,) = of_type("ReplicationGroup")
        assert [delivery["LogType"] for delivery in group["LogDeliveryConfigurations"]] == ["slow-log", "engine-log"]
        assert set(cache.log_groups) == {"slow-log", "engine-log"}
        Template.from_stack(stack).all_resources_properties(
            "AWS::Logs::LogGroup", {"KmsKeyId": stack.resolve(cache.encryption_key.key_arn), "RetentionInDays": 365}
        )

    def test_packs_find_nothing(self, stack: cdk.Stack, make: MakeCache, pack_findings: Findings) -> None:
        make()
        assert pack_findings(stack) == []
        assert warnings(stack) == []

    def test_every_option(self, stack: cdk.Stack, make: MakeCache, of_type: OfType, pack_findings: Findings) -> None:
        make(
            cache_name="sessions",
            port=26379,
            capacity=NodeCapacity(node_type="cache.m7g.xlarge", shards=3, replicas_per_shard=2),
            parameters={"maxmemory-policy": "allkeys-lfu"},
            backup_retention=Duration.days(20),
            backup_window="02:00-03:00",
            maintenance_window="sun:04:00-sun:05:00",
        )
        (group,), (parameters,) = of_type("ReplicationGroup"), of_type("ParameterGroup")
        expected = {
            "ReplicationGroupId": "sessions",
            "Port": 26379,
            "CacheNodeType": "cache.m7g.xlarge",
            "NumNodeGroups": 3,
            "ReplicasPerNodeGroup": 2,
            "SnapshotRetentionLimit": 20,
            "SnapshotWindow": "02:00-03:00",
            "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
        }
        assert expected.items() <= group.items()
        assert parameters["CacheParameterGroupFamily"] == "valkey8"
        assert parameters["Properties"] == {"cluster-enabled": "yes", "maxmemory-policy": "allkeys-lfu"}
        assert pack_findings(stack) == []


class TestScaling:
    def test_is_of_shards_and_replicas_out_and_in_by_the_cpu_of_the_engine(
        self, stack: cdk.Stack, make: MakeCache
    ) -> None:
        make(
            capacity=NodeCapacity(
                shard_scaling=CacheScaling(min_capacity=2, max_capacity=8),
                replica_scaling=CacheScaling(min_capacity=1, max_capacity=3, target_cpu_percent=50),
            )
        )
        template = Template.from_stack(stack)
        targets = template.find_resources("AWS::ApplicationAutoScaling::ScalableTarget")
        assert [
            (it["Properties"]["ScalableDimension"].split(":")[-1], it["Properties"]["MinCapacity"], "RoleARN" in it)
            for it in targets.values()
        ] == [("NodeGroups", 2, False), ("Replicas", 1, False)]
        policies = template.find_resources("AWS::ApplicationAutoScaling::ScalingPolicy")
        followed = [it["Properties"]["TargetTrackingScalingPolicyConfiguration"] for it in policies.values()]
        assert [
            (it["PredefinedMetricSpecification"]["PredefinedMetricType"], it["TargetValue"]) for it in followed
        ] == [
            ("ElastiCachePrimaryEngineCPUUtilization", 60),
            ("ElastiCacheReplicaEngineCPUUtilization", 50),
        ]
        assert all("DisableScaleIn" not in it for it in followed)

    def test_is_none_where_it_was_not_asked_for(self, stack: cdk.Stack, make: MakeCache) -> None:
        make()
        Template.from_stack(stack).resource_count_is("AWS::ApplicationAutoScaling::ScalableTarget", 0)


class TestServerless:
    def test_is_encrypted_private_backed_up_and_kept(
        self, stack: cdk.Stack, make: MakeCache, vpc: ec2.Vpc, of_type: OfType, pack_findings: Findings
    ) -> None:
        cache = make(capacity=SERVERLESS)
        (serverless,) = of_type("ServerlessCache")
        assert serverless["KmsKeyId"] == stack.resolve(cache.encryption_key.key_arn)
        assert serverless["SubnetIds"] == [stack.resolve(subnet.subnet_id) for subnet in vpc.isolated_subnets]
        assert serverless["SecurityGroupIds"] == [stack.resolve(cache.security_group.security_group_id)]
        assert serverless["UserGroupId"] == stack.resolve(cache.user_group.ref)
        assert (serverless["MajorEngineVersion"], serverless["SnapshotRetentionLimit"]) == ("8", 35)
        assert "CacheUsageLimits" not in serverless
        Template.from_stack(stack).has_resource("AWS::ElastiCache::ServerlessCache", {"DeletionPolicy": "Retain"})
        assert cache.log_groups == {}
        assert pack_findings(stack) == []
        assert warnings(stack) == []

    def test_can_be_bounded_and_named(self, make: MakeCache, of_type: OfType) -> None:
        make(
            cache_name="sessions",
            backup_window="02:30",
            capacity=ServerlessCapacity(max_data_gigabytes=10, min_ecpu_per_second=1000, max_ecpu_per_second=5000),
        )
        (serverless,) = of_type("ServerlessCache")
        assert (serverless["ServerlessCacheName"], serverless["DailySnapshotTime"]) == ("sessions", "02:30")
        assert serverless["CacheUsageLimits"] == {
            "DataStorage": {"Unit": "GB", "Maximum": 10},
            "ECPUPerSecond": {"Minimum": 1000, "Maximum": 5000},
        }

    def test_is_named_by_its_path_and_its_stack(self, make: MakeCache, of_type: OfType) -> None:
        make(capacity=SERVERLESS)
        (serverless,) = of_type("ServerlessCache")
        assert serverless["ServerlessCacheName"]["Fn::Join"][1][0] == "sessions-"


class TestUsers:
    @pytest.mark.parametrize("engine", ["valkey", "redis"])
    def test_log_in_with_iam_and_administer_nothing(self, make: MakeCache, of_type: OfType, engine: str) -> None:
        make(engine=CacheEngine(name=engine, version="7.2" if engine == "valkey" else "7.1"))
        user = of_type("User")[0]
        assert user["AuthenticationMode"] == {"Type": "iam"}
        assert (user["UserId"], user["UserName"], user["Engine"]) == ("sessions", "sessions", engine)
        assert {"-@all", "-@dangerous"} <= set(user["AccessString"].split())
        (parameters,) = of_type("ParameterGroup")
        assert parameters["CacheParameterGroupFamily"] == f"{engine}7"

    def test_valkey_has_no_default_user(self, make: MakeCache, of_type: OfType) -> None:
        make()
        assert [user["UserName"] for user in of_type("User")] == ["sessions"]

    def test_redis_has_a_default_user_that_is_switched_off(
        self, stack: cdk.Stack, make: MakeCache, of_type: OfType, pack_findings: Findings
    ) -> None:
        make(engine=REDIS)
        off = next(user for user in of_type("User") if user["UserName"] == "default")
        assert off["AccessString"] == "off -@all"
        assert len(of_type("UserGroup")[0]["UserIds"]) == 2
        assert pack_findings(stack) == []

    @pytest.mark.parametrize(
        ("capacity", "kind"), [(NodeCapacity(), "replicationgroup"), (SERVERLESS, "serverlesscache")]
    )
    def test_are_granted_to_connect_to_this_cache_as_this_user(
        self, stack: cdk.Stack, make: MakeCache, capacity: Any, kind: str
    ) -> None:
        role = ManagedPolicyRole(
            stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), description="Sessions"
        )
        make(capacity=capacity).grant_connect(role, user="sessions")
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Action"] == "elasticache:Connect"
        assert [kind in str(statement["Resource"][0]), ":user:sessions" in str(statement["Resource"][1])] == [True] * 2

    def test_others_are_granted_nothing(self, make: MakeCache) -> None:
        cache = make()
        with pytest.raises(InvalidArgumentsError, match="user='orders': must be one of sessions"):
            cache.grant_connect(iam.AccountRootPrincipal(), user="orders")


class TestConnections:
    @pytest.mark.parametrize(("capacity", "port"), [(NodeCapacity(), 16379), (SERVERLESS, 6379)])
    def test_open_the_port_of_the_cache(self, stack: cdk.Stack, make: MakeCache, capacity: Any, port: int) -> None:
        make(capacity=capacity).connections.allow_default_port_from(ec2.Peer.ipv4("10.0.0.0/24"))
        Template.from_stack(stack).has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupIngress": [Match.object_like({"FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/24"})]},
        )


class TestWeakenedDefaults:
    @pytest.mark.parametrize(
        ("arguments", "warning"),
        [
            ({"port": 6379}, "pavedroad:cache-default-port"),
            ({"removal_policy": RemovalPolicy.DESTROY}, "pavedroad:cache-not-retained"),
            ({"capacity": NodeCapacity(replicas_per_shard=0)}, "pavedroad:cache-no-replicas"),
        ],
    )
    def test_leave_a_warning(self, stack: cdk.Stack, make: MakeCache, arguments: dict[str, Any], warning: str) -> None:
        make(**arguments)
        assert [warning in text for text in warnings(stack)] == [True]


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"users": []}, r"users=\[\]: must name one user at least"),
            ({"users": [CacheUser(name="default")]}, "users.name='default': must be 40 characters or fewer, and not"),
            ({"users": [CacheUser(name="Orders")]}, "users.name='Orders': must be lower-case letters"),
            ({"users": [CacheUser(name="a"), CacheUser(name="a")]}, "users.name='a': stands twice"),
            ({"engine": CacheEngine(name="memcached", version="1.6")}, "engine.name='memcached': must be one of redis"),
            ({"engine": CacheEngine(name="redis", version="6.2")}, "engine.version='6.2': must be one of 7.0, 7.1"),
            ({"cache_name": "a--b"}, "cache_name='a--b': must be 1 to 40 lower-case letters"),
            ({"port": 80}, "port=80: must be from 1150 to 65535"),
            ({"parameters": {"cluster-enabled": "no"}}, "parameters='cluster-enabled': is set by the construct"),
            (
                {"backup_retention": Duration.days(7)},
                r"backup_retention='7 days': must be from 15 \(NIST CP-9\) to 35 whole days",
            ),
            ({"capacity": NodeCapacity(node_type="r7g")}, "capacity.node_type='r7g': must be such as cache.r7g.large"),
            ({"capacity": NodeCapacity(shards=0)}, "capacity.shards=0: must be from 1 to 500"),
            ({"capacity": NodeCapacity(replicas_per_shard=6)}, "capacity.replicas_per_shard=6: must be from 0 to 5"),
            (
                {
                    "capacity": NodeCapacity(
                        node_type="cache.t4g.small", shard_scaling=CacheScaling(min_capacity=1, max_capacity=2)
                    )
                },
                "capacity.shard_scaling='cache.t4g.small': scales large, xlarge and 2xlarge",
            ),
            (
                {"capacity": NodeCapacity(replica_scaling=CacheScaling(min_capacity=3, max_capacity=2))},
                "capacity.replica_scaling.max_capacity=2: must be 3 or more",
            ),
            (
                {
                    "capacity": NodeCapacity(
                        replica_scaling=CacheScaling(min_capacity=1, max_capacity=6, target_cpu_percent=90)
                    )
                },
                "capacity.replica_scaling.max_capacity=6: must be from 1 to 5; capacity.replica_scaling.target_cpu_per",
            ),
            (
                {"capacity": ServerlessCapacity(max_data_gigabytes=6000, min_ecpu_per_second=1)},
                "max_data_gigabytes=6000: must be from 1 to 5000; capacity.min_ecpu_per_second=1: must be from 1000",
            ),
            ({"capacity": SERVERLESS, "port": 7000}, "port=7000: must be left out: a serverless cache has none"),
            (
                {"capacity": SERVERLESS, "maintenance_window": "sun:04:00-sun:05:00"},
                "maintenance_window='sun.*left out",
            ),
            ({"capacity": SERVERLESS, "backup_window": "02:00-03:00"}, "backup_window='02:00-03:00': must be the time"),
            ({"capacity": SERVERLESS, "removal_policy": RemovalPolicy.SNAPSHOT}, "'SNAPSHOT': exists for nodes only"),
        ],
    )
    def test_are_refused(self, make: MakeCache, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            make(**arguments)

    def test_one_zone_alone(self, make: MakeCache, vpc: ec2.Vpc) -> None:
        with pytest.raises(InvalidArgumentsError, match="vpc_subnets='Network/Vpc': must be in two zones or more"):
            make(vpc_subnets=ec2.SubnetSelection(subnets=vpc.isolated_subnets[:1]))

    def test_a_network_without_closed_subnets(self, app: cdk.App, make: MakeCache) -> None:
        tier = ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)
        public = ec2.Vpc(cdk.Stack(app, "Public"), "Vpc", subnet_configuration=[tier])
        with pytest.raises(InvalidArgumentsError, match="vpc='Public/Vpc': has no isolated subnets"):
            make(vpc=public)
        with pytest.raises(InvalidArgumentsError, match="vpc_subnets='Public/Vpc': must not be public"):
            Cache(
                cdk.Stack(app, "Other"),
                "Sessions",
                vpc=public,
                users=[CacheUser(name="sessions")],
                vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
            )


class TestCannotBeUndone:
    @pytest.mark.parametrize(
        ("name", "value", "promise"),
        [
            ("at_rest_encryption_enabled", False, "Cache is encrypted at rest with a key"),
            ("kms_key_id", None, "Cache is encrypted at rest with a key"),
            ("transit_encryption_enabled", False, "Cache is reached over TLS only"),
            ("transit_encryption_mode", "preferred", "Cache is reached over TLS only"),
            ("user_group_ids", None, "Cache knows its users"),
        ],
    )
    def test_of_nodes(self, stack: cdk.Stack, make: MakeCache, name: str, value: object, promise: str) -> None:
        setattr(make().cache, name, value)
        with pytest.raises(RuntimeError, match=promise):
            Template.from_stack(stack)

    @pytest.mark.parametrize(
        ("name", "promise"),
        [("kms_key_id", "Cache is encrypted at rest with a key"), ("user_group_id", "Cache knows its users")],
    )
    def test_of_a_serverless_cache(self, stack: cdk.Stack, make: MakeCache, name: str, promise: str) -> None:
        setattr(make(capacity=SERVERLESS).cache, name, None)
        with pytest.raises(RuntimeError, match=promise):
            Template.from_stack(stack)


@pytest.mark.parametrize("serverless", [False, True])
def test_works_in_a_product_with_parameters_and_without_assets(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]], serverless: bool
) -> None:
    def text(name: str) -> str:
        return cdk.CfnParameter(product, name).value_as_string

    number = cdk.CfnParameter(product, "Number", type="Number").value_as_number
    scaling = CacheScaling(min_capacity=number, max_capacity=number, target_cpu_percent=number)
    nodes = NodeCapacity(
        node_type=text("Type"), shards=number, replicas_per_shard=number, shard_scaling=scaling, replica_scaling=scaling
    )
    subnets = cdk.Token.as_list(cdk.CfnParameter(product, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list)
    cache = Cache(
        product,
        "Sessions",
        vpc=ec2.Vpc.from_vpc_attributes(
            product,
            "Vpc",
            vpc_id=text("Vpc1"),
            availability_zones=["a", "b"],
            isolated_subnet_ids=[cdk.Fn.select(zone, subnets) for zone in (0, 1)],
        ),
        users=[CacheUser(name=text("User"))],
        cache_name=text("Name"),
        port=None if serverless else number,
        encryption_key=kms.Key.from_key_arn(product, "Key", text("KeyArn")),
        backup_retention=Duration.days(number),
        capacity=ServerlessCapacity(max_data_gigabytes=number, min_data_gigabytes=number) if serverless else nodes,
    )
    assert isinstance(cache.cache, elasticache.CfnServerlessCache) is serverless
    resources = product_template()["Resources"]
    assert not any(resource["Type"].startswith(("Custom::", "AWS::Lambda")) for resource in resources.values())
    made = next(it["Properties"] for it in resources.values() if it["Type"].endswith(("ReplicationGroup", "lessCache")))
    assert made["SnapshotRetentionLimit"] == {"Ref": "Number"}


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (
            NodeCapacity(),
            {
                "Sessions",
                "SessionsKey",
                "SessionsSecurityGroup",
                "SessionsUser1",
                "SessionsUserGroup",
                "SessionsSlowLogGroup",
                "SessionsEngineLogGroup",
                "SessionsSubnetGroup",
                "SessionsParameterGroup",
            },
        ),
        (SERVERLESS, {"Sessions", "SessionsKey", "SessionsSecurityGroup", "SessionsUser1", "SessionsUserGroup"}),
    ],
)
def test_logical_ids_are_a_contract(stack: cdk.Stack, make: MakeCache, capacity: Any, expected: set[str]) -> None:
    make(capacity=capacity)
    made = Template.from_stack(stack).to_json()["Resources"]
    assert {logical_id[:-8] for logical_id in made} == expected
    stateful = {it for it, resource in made.items() if resource.get("DeletionPolicy") in {"Retain", "Snapshot"}}
    logs = {"SessionsSlowLogGroupF43C63F4", "SessionsEngineLogGroup6CFFB267"} if capacity != SERVERLESS else set()
    assert stateful == {"Sessions8896A56D", "SessionsKey46625E21"} | logs
