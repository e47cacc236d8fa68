"""The volumes that an instance is launched with."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from pavedroad.arguments import Arguments
from pavedroad.storage.ebs.gp3 import check_gp3


@dataclass(frozen=True, kw_only=True)
class InstanceVolume:
    """An encrypted gp3 volume that lives as long as its instance.

    Attributes:
        device_name: Left out: ``/dev/xvda``, the root volume of Amazon Linux.
        size_gib: Not below the size in the image. Left out: 20.
        iops: 3,000 to 80,000, at most 500 a GiB. Left out: 3,000.
        throughput_mibps: MiB a second, 125 to 2,000, a quarter of the IOPS at most. Left out: 125.
    """

    device_name: str = "/dev/xvda"
    size_gib: int = 20
    iops: int | None = None
    throughput_mibps: int | None = None

    def block_device(self, encryption_key: kms.IKey) -> ec2.BlockDevice:
        """The volume in the terms of a launch template."""
        return ec2.BlockDevice(
            device_name=self.device_name,
            volume=ec2.BlockDeviceVolume.ebs(
                self.size_gib,
                encrypted=True,
                kms_key=encryption_key,
                volume_type=ec2.EbsDeviceVolumeType.GP3,
                iops=self.iops,
                throughput=self.throughput_mibps,
                delete_on_termination=True,
            ),
        )


def check_volumes(arguments: Arguments, volumes: Sequence[InstanceVolume]) -> None:
    """Refuse volumes that EC2 does not make, and two of one name."""
    names = [volume.device_name for volume in volumes]
    if not volumes or len(set(names)) < len(names):
        arguments.refuse("volumes", names, "must have a device name each, and be one at least: the root volume")
    for number, volume in enumerate(volumes):
        prefix = f"volumes[{number}]."
        arguments.matches(
            f"{prefix}device_name", volume.device_name, "/dev/[a-z0-9]+", "a device, such as /dev/xvda or /dev/sdf"
        )
        check_gp3(
            arguments,
            prefix,
            size_gib=volume.size_gib,
            iops=volume.iops,
            throughput_mibps=volume.throughput_mibps,
        )
