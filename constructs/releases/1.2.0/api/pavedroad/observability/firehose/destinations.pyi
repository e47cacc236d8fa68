from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from aws_cdk import Token
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_secretsmanager as secretsmanager
from pavedroad.arguments import Arguments
_HTTPS = 'https://[^\\s/]+(/\\S*)?'
_HTTPS_IN_WORDS = 'a URL that begins with https://'
_Stream = firehose.CfnDeliveryStream

@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    role_arn: str
    backup: firehose.CfnDeliveryStream.S3DestinationConfigurationProperty
    backup_all: bool
    buffer_seconds: float
    buffer_mebibytes: float
    retry_seconds: float
    logging: firehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty

@dataclass(frozen=True, kw_only=True)
class Delivery:
    splunk: firehose.CfnDeliveryStream.SplunkDestinationConfigurationProperty | None = None
    http_endpoint: firehose.CfnDeliveryStream.HttpEndpointDestinationConfigurationProperty | None = None

class Destination(Protocol):

    @property
    def secret(self) -> secretsmanager.ISecret | None:
        ...

    @property
    def metric_prefix(self) -> str:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def delivery(self, settings: DeliverySettings) -> Delivery:
        ...

@dataclass(frozen=True, kw_only=True)
class SplunkDestination:
    url: str
    secret: secretsmanager.ISecret
    acknowledgment_timeout_seconds: float = 180
    metric_prefix: str = field(default='DeliveryToSplunk', init=False)

    def check(self, arguments: Arguments) -> None:
        ...

    def delivery(self, settings: DeliverySettings) -> Delivery:
        ...

@dataclass(frozen=True, kw_only=True)
class HttpDestination:
    url: str
    secret: secretsmanager.ISecret
    name: str = 'HTTP endpoint'
    attributes: Mapping[str, str] = field(default_factory=dict)
    metric_prefix: str = field(default='DeliveryToHttpEndpoint', init=False)

    def check(self, arguments: Arguments) -> None:
        ...

    def delivery(self, settings: DeliverySettings) -> Delivery:
        ...

@dataclass(frozen=True, kw_only=True)
class DatadogDestination(HttpDestination):
    url: str = 'https://aws-kinesis-http-intake.logs.datadoghq.eu/v1/input'
    name: str = 'Datadog'

@dataclass(frozen=True, kw_only=True)
class CollectorDestination(HttpDestination):
    name: str = 'OpenTelemetry Collector'
