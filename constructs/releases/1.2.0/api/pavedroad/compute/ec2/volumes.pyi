from collections.abc import Sequence
from dataclasses import dataclass
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from pavedroad.arguments import Arguments
from pavedroad.storage.ebs.gp3 import check_gp3

@dataclass(frozen=True, kw_only=True)
class InstanceVolume:
    device_name: str = '/dev/xvda'
    size_gib: int = 20
    iops: int | None = None
    throughput_mibps: int | None = None

    def block_device(self, encryption_key: kms.IKey) -> ec2.BlockDevice:
        ...

def check_volumes(arguments: Arguments, volumes: Sequence[InstanceVolume]) -> None:
    ...
