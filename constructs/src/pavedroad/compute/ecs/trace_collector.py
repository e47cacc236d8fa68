"""The OpenTelemetry collector as a sidecar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from pavedroad.compute.ecs.sidecar import Sidecar

_IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
# Only the task itself reaches localhost: nobody outside can send or read telemetry.
_CONFIGURATION = """\
extensions:
  health_check: {}
receivers:
  otlp:
    protocols:
      grpc: {endpoint: "localhost:4317"}
      http: {endpoint: "localhost:4318"}
  awsxray: {endpoint: "localhost:2000", transport: udp}
processors:
  batch: {timeout: 1s, send_batch_size: 50}
exporters:
  awsxray: {}
service:
  extensions: [health_check]
  pipelines:
    traces: {receivers: [otlp, awsxray], processors: [batch], exporters: [awsxray]}
"""


@dataclass(frozen=True, kw_only=True)
class TraceCollector(Sidecar):
    """The AWS Distro for OpenTelemetry (ADOT) collector: takes traces from the application and sends them to X-Ray.

    The application sends OTLP to ``localhost:4317`` (gRPC) or ``localhost:4318`` (HTTP), or X-Ray segments to
    ``localhost:2000`` (UDP). The task's role may send traces, and read the rules by which they are sampled.

    Attributes:
        name: The container's name. Left out: ``trace-collector``.
        image: The collector's image. Left out: AWS's public image, of one version.
        environment: The collector's variables; ``AOT_CONFIG_CONTENT`` is its configuration. A configuration of your
            own needs the extension ``health_check``, and rights for what it exports to, granted to the service.
            Left out: traces by OTLP and X-Ray go to X-Ray.
        health_check: Left out: the image's own, every ten seconds.
        essential: Left out: not; the application goes on without traces.
        application_waits_for: Left out: ``START``.
        memory_mib: Left out: 256 MiB.

    Source: https://aws-otel.github.io/docs/setup/ecs
    """

    name: str = "trace-collector"
    image: ecs.ContainerImage = field(default_factory=lambda: ecs.ContainerImage.from_registry(_IMAGE))
    environment: Mapping[str, str] = field(default_factory=lambda: {"AOT_CONFIG_CONTENT": _CONFIGURATION})
    health_check: ecs.HealthCheck | None = field(
        default_factory=lambda: ecs.HealthCheck(
            command=["CMD", "/healthcheck"], interval=Duration.seconds(10), start_period=Duration.seconds(10)
        )
    )
    essential: bool = False
    application_waits_for: ecs.ContainerDependencyCondition | None = ecs.ContainerDependencyCondition.START
    memory_mib: int | None = 256

    @property
    def rights(self) -> Sequence[iam.PolicyStatement]:
        """Send traces, and read the sampling rules."""
        actions = [
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
        ]
        return [iam.PolicyStatement(sid="SendTraces", actions=actions, resources=["*"])]

    @property
    def wildcard_reason(self) -> str:
        """X-Ray's actions on traces know no resource."""
        return (
            "Sending traces to X-Ray supports no resource. The right adds traces and reads sampling rules; it reads no "
            "trace and changes nothing else."
        )
