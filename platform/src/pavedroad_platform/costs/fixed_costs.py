"""What resources cost as long as they stand, at the size that they are launched with."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pavedroad_platform.costs.prices import HOURS_A_MONTH, FixedPrice, Prices

Resources = Mapping[str, Mapping[str, Any]]
"""Resources by logical id, as a launch makes them."""

_SIZES: Final = {"nano": 1 / 16, "micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1.0, "xlarge": 2.0}
_MINUTES: Final = {"minute": 1, "hour": 60, "day": 1440}


@dataclass(frozen=True)
class FixedCost:
    """A part of the fixed cost.

    Attributes:
        unit: What is paid for.
        count: How many.
        monthly: USD a month for all of them.
    """

    unit: str
    count: float
    monthly: float


def fixed_costs(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    """What one of ``resources`` costs as long as it stands.

    Raises:
        PlatformError: The table has no price for its size.
    """
    resource = resources[logical_id]
    resource_type, properties = resource["Type"], resource.get("Properties", {})
    for price in prices.types[resource_type].fixed:
        yield from _priced(price, properties)
    if prices.types[resource_type].computed:
        yield from _COMPUTED[resource_type](logical_id, resources, prices)


def _priced(price: FixedPrice, properties: Mapping[str, Any]) -> Iterator[FixedCost]:
    if any(str(properties.get(name)).lower() != value.lower() for name, value in price.when.items()):
        return
    count = _amount(properties.get(price.count)) if price.count else 1
    if count:
        yield FixedCost(price.unit, count, count * price.monthly)


def _amount(value: Any, otherwise: float = 0) -> float:
    """A number, the number of items of a list, or what stands for a value that only AWS knows."""
    if isinstance(value, list):
        return len(value)
    return float(value) if isinstance(value, int | float) or str(value).isdigit() else otherwise


def _large(size: str) -> float:
    """A size as a multiple of ``large``: ``4xlarge`` is 8."""
    times = re.fullmatch(r"(\d+)xlarge", size)
    return 2.0 * int(times[1]) if times else _SIZES[size]


def _hours(unit: str, rate: str, instance_type: str, count: float, prices: Prices) -> Iterator[FixedCost]:
    """Instances of a type such as ``m7g.large``, ``db.m7g.large`` or ``cache.m7g.large``."""
    family, _, size = instance_type.removeprefix("db.").removeprefix("cache.").partition(".")
    if count:
        monthly = count * prices.rate(rate, family) * _large(size) * HOURS_A_MONTH
        yield FixedCost(f"{unit} {instance_type}", count, monthly)


def _alarm(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    queries = resources[logical_id]["Properties"].get("Metrics", [])
    metrics = sum("MetricStat" in query for query in queries) or 1
    yield FixedCost("metric of an alarm", metrics, metrics * prices.rate("alarm_metric_month"))


def _service(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    properties = resources[logical_id]["Properties"]
    definition = resources.get(properties.get("TaskDefinition", {}).get("Ref", ""), {}).get("Properties", {})
    cpu, memory = (_amount(definition.get(name)) for name in ("Cpu", "Memory"))
    tasks = _amount(properties.get("DesiredCount"), 1)
    for resource in resources.values():
        if resource["Type"].endswith("::ScalableTarget") and logical_id in str(resource["Properties"]["ResourceId"]):
            tasks = _amount(resource["Properties"]["MinCapacity"])
    architecture = definition.get("RuntimePlatform", {}).get("CpuArchitecture", "X86_64")
    vcpu_hour, gb_hour = (prices.rate(name, architecture) for name in ("task_vcpu_hour", "task_gb_hour"))
    hour = cpu / 1024 * vcpu_hour + memory / 1024 * gb_hour
    if tasks and hour:
        unit = f"task of {cpu / 1024:g} vCPU and {memory / 1024:g} GB"
        yield FixedCost(unit, tasks, tasks * hour * HOURS_A_MONTH)


def _auto_scaling_group(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    properties = resources[logical_id]["Properties"]
    mixed = properties.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    template = properties.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification", {})
    types = [it["InstanceType"] for it in mixed.get("Overrides", []) if "InstanceType" in it]
    instance_type = types[0] if types else _launch_template(template, resources).get("InstanceType")
    if isinstance(instance_type, str):
        yield from _hours("instance", "instance_hour", instance_type, _amount(properties.get("MinSize")), prices)


def _node_group(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    properties = resources[logical_id]["Properties"]
    types = properties.get("InstanceTypes") or [
        _launch_template(properties.get("LaunchTemplate", {}), resources).get("InstanceType")
    ]
    least = _amount(properties.get("ScalingConfig", {}).get("MinSize"))
    if isinstance(types[0], str):
        yield from _hours("node", "instance_hour", types[0], least, prices)


def _launch_template(reference: Mapping[str, Any], resources: Resources) -> Mapping[str, Any]:
    named = reference.get("LaunchTemplateId") or reference.get("Id") or {}
    template = resources.get(named.get("Ref", ""), {}) if isinstance(named, Mapping) else {}
    data: Mapping[str, Any] = template.get("Properties", {}).get("LaunchTemplateData", {})
    return data


def _instance(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    properties = resources[logical_id]["Properties"]
    if isinstance(properties.get("InstanceType"), str):
        yield from _hours("instance", "instance_hour", properties["InstanceType"], 1, prices)


def _volume(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    size = _amount(resources[logical_id]["Properties"].get("Size"))
    if size:
        yield FixedCost("GB of a volume", size, size * prices.rate("volume_gb_month"))


def _database(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    properties = resources[logical_id]["Properties"]
    size = properties.get("DBInstanceClass")
    if str(properties.get("Engine")).startswith("aurora"):
        yield from _aurora(size, properties, resources, prices)
        return
    copies = 2 if str(properties.get("MultiAZ")).lower() == "true" else 1
    if isinstance(size, str):
        yield from _hours("database server", "rds_instance_hour", size, copies, prices)
    storage = copies * _amount(properties.get("AllocatedStorage"))
    if storage:
        yield FixedCost("GB of database storage", storage, storage * prices.rate("rds_storage_gb_month"))


def _aurora(size: Any, properties: Mapping[str, Any], resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    if size != "db.serverless":
        if isinstance(size, str):
            yield from _hours("database server", "aurora_instance_hour", size, 1, prices)
        return
    cluster = resources.get(properties.get("DBClusterIdentifier", {}).get("Ref", ""), {}).get("Properties", {})
    least = cluster.get("ServerlessV2ScalingConfiguration", {}).get("MinCapacity", 0)
    units = float(least) if isinstance(least, int | float | str) else 0
    if units:
        monthly = units * prices.rate("aurora_capacity_unit_hour") * HOURS_A_MONTH
        yield FixedCost("Aurora capacity unit", units, monthly)


def _document_database(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    size = resources[logical_id]["Properties"].get("DBInstanceClass")
    if isinstance(size, str):
        yield from _hours("database server", "documentdb_instance_hour", size, 1, prices)


def _cache(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    properties = resources[logical_id]["Properties"]
    shards = _amount(properties.get("NumNodeGroups"), 1)
    nodes = _amount(properties.get("NumCacheClusters"), shards * (1 + _amount(properties.get("ReplicasPerNodeGroup"))))
    if isinstance(properties.get("CacheNodeType"), str):
        yield from _hours("cache node", "cache_node_hour", properties["CacheNodeType"], nodes, prices)


def _canary(logical_id: str, resources: Resources, prices: Prices) -> Iterator[FixedCost]:
    expression = resources[logical_id]["Properties"].get("Schedule", {}).get("Expression")
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", str(expression))
    if rate and int(rate[1]):
        runs = HOURS_A_MONTH * 60 / (int(rate[1]) * _MINUTES[rate[2]])
        yield FixedCost("run of a canary", round(runs), runs * prices.rate("canary_run"))


_COMPUTED: Final[Mapping[str, Callable[[str, Resources, Prices], Iterator[FixedCost]]]] = {
    "AWS::AutoScaling::AutoScalingGroup": _auto_scaling_group,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::DocDB::DBInstance": _document_database,
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::Volume": _volume,
    "AWS::ECS::Service": _service,
    "AWS::EKS::Nodegroup": _node_group,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::RDS::DBInstance": _database,
    "AWS::Synthetics::Canary": _canary,
}

COMPUTED_TYPES: Final = frozenset(_COMPUTED)
"""The types whose fixed cost is computed."""
