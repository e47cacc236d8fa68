"""What a gp3 volume can be, checked before EC2 refuses it in the middle of a deployment."""

from aws_cdk import Token

from pavedroad.arguments import Arguments

BASELINE_IOPS = 3000
_MOST_IOPS = 80_000
_MOST_THROUGHPUT = 2000
_IOPS_PER_GIB = 500
_IOPS_PER_MIBPS = 4


def check_gp3(
    arguments: Arguments, prefix: str, *, size_gib: int | None, iops: int | None, throughput_mibps: int | None
) -> None:
    """Refuse sizes and speeds that gp3 does not have; ``prefix`` stands before the arguments' names.

    Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    """
    arguments.between(f"{prefix}size_gib", size_gib, 1, 65_536)
    arguments.between(f"{prefix}iops", iops, BASELINE_IOPS, _MOST_IOPS)
    arguments.between(f"{prefix}throughput_mibps", throughput_mibps, 125, _MOST_THROUGHPUT)
    if _known(size_gib) and _known(iops) and size_gib and iops and iops > max(_IOPS_PER_GIB * size_gib, BASELINE_IOPS):
        arguments.refuse(f"{prefix}iops", iops, f"must be at most {_IOPS_PER_GIB} a GiB, of which there are {size_gib}")
    speed = iops or BASELINE_IOPS
    if _known(speed) and _known(throughput_mibps) and throughput_mibps and throughput_mibps * _IOPS_PER_MIBPS > speed:
        arguments.refuse(
            f"{prefix}throughput_mibps",
            throughput_mibps,
            f"needs {_IOPS_PER_MIBPS} IOPS a MiB/s: give {prefix}iops of {throughput_mibps * _IOPS_PER_MIBPS} or more",
        )


def _known(value: int | None) -> bool:
    return value is not None and not Token.is_unresolved(value)
