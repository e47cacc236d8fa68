"""The sizes that Fargate offers."""

from aws_cdk import Token

from pavedroad.arguments import Arguments

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
MEMORY_MIB_BY_CPU = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}


def check_task_size(arguments: Arguments, cpu: int, memory_mib: int) -> None:
    """Refuse a pair of CPU units and memory that Fargate does not offer; a token's value is known at launch only."""
    if Token.is_unresolved(cpu):
        return
    allowed = MEMORY_MIB_BY_CPU.get(cpu)
    if allowed is None:
        arguments.refuse("cpu", cpu, f"must be one of {', '.join(map(str, MEMORY_MIB_BY_CPU))}")
    elif not Token.is_unresolved(memory_mib) and memory_mib not in allowed:
        arguments.refuse("memory_mib", memory_mib, f"with cpu={cpu} must be one of {', '.join(map(str, allowed))}")
