"""Where logs are sent, and what each system asks of Amazon Data Firehose.

CloudWatch Logs packs several events into one compressed record. OpenSearch Service takes one document a record, so
Firehose cannot deliver logs to it; use the subscription filter of CloudWatch Logs for OpenSearch, or a collector.

Source: https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aws_cdk import Token
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_secretsmanager as secretsmanager

from pavedroad.arguments import Arguments

_HTTPS = r"https://[^\s/]+(/\S*)?"
_HTTPS_IN_WORDS = "a URL that begins with https://"
_Stream = firehose.CfnDeliveryStream


@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    """What the construct gives to every destination."""

    role_arn: str
    backup: firehose.CfnDeliveryStream.S3DestinationConfigurationProperty
    backup_all: bool
    buffer_seconds: float
    buffer_mebibytes: float
    retry_seconds: float
    logging: firehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The delivery to a destination, as the delivery stream has it; one of the two is given."""

    splunk: firehose.CfnDeliveryStream.SplunkDestinationConfigurationProperty | None = None
    http_endpoint: firehose.CfnDeliveryStream.HttpEndpointDestinationConfigurationProperty | None = None


class Destination(Protocol):
    """A system that logs are sent to."""

    @property
    def secret(self) -> secretsmanager.ISecret | None:
        """Holds the credentials."""
        ...

    @property
    def metric_prefix(self) -> str:
        """What the names of Firehose's metrics begin with."""
        ...

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work."""
        ...

    def delivery(self, settings: DeliverySettings) -> Delivery:
        """The delivery for the delivery stream."""
        ...


@dataclass(frozen=True, kw_only=True)
class SplunkDestination:
    """Splunk's HTTP Event Collector (HEC), with acknowledgment; Firehose unpacks the events for it.

    Attributes:
        url: The collector's URL with its port, such as ``https://http-inputs-firehose-orders.splunkcloud.com:443``.
        secret: A secret with the JSON key ``hec_token``.
        acknowledgment_timeout_seconds: How long Splunk may take to acknowledge, from 180 to 600. Left out: 180.
    """

    url: str
    secret: secretsmanager.ISecret
    acknowledgment_timeout_seconds: float = 180

    metric_prefix: str = field(default="DeliveryToSplunk", init=False)

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work."""
        arguments.matches("destination.url", self.url, _HTTPS, _HTTPS_IN_WORDS)
        timeout = "destination.acknowledgment_timeout_seconds"
        arguments.between(timeout, self.acknowledgment_timeout_seconds, 180, 600)

    def delivery(self, settings: DeliverySettings) -> Delivery:
        """The delivery for the delivery stream."""
        return Delivery(
            splunk=_Stream.SplunkDestinationConfigurationProperty(
                hec_endpoint=self.url,
                hec_endpoint_type="Raw",
                hec_acknowledgment_timeout_in_seconds=self.acknowledgment_timeout_seconds,
                secrets_manager_configuration=_credentials(self.secret, settings),
                s3_backup_mode="AllEvents" if settings.backup_all else "FailedEventsOnly",
                s3_configuration=settings.backup,
                buffering_hints=_Stream.SplunkBufferingHintsProperty(
                    interval_in_seconds=_at_most(settings.buffer_seconds, 60),
                    size_in_m_bs=_at_most(settings.buffer_mebibytes, 5),
                ),
                retry_options=_Stream.SplunkRetryOptionsProperty(duration_in_seconds=settings.retry_seconds),
                cloud_watch_logging_options=settings.logging,
                processing_configuration=_unpacked(),
            )
        )


@dataclass(frozen=True, kw_only=True)
class HttpDestination:
    """Any system that speaks the HTTP endpoint delivery of Firehose, which is a protocol of its own.

    The system gets records as CloudWatch Logs packs them, and must answer as Firehose asks.

    Attributes:
        url: The endpoint's URL.
        secret: A secret with the JSON key ``api_key``; it is sent as ``X-Amz-Firehose-Access-Key``.
        name: The endpoint's name in the console. Left out: ``HTTP endpoint``.
        attributes: Sent with every request, such as ``{"env": "production"}``. Left out: none.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
    """

    url: str
    secret: secretsmanager.ISecret
    name: str = "HTTP endpoint"
    attributes: Mapping[str, str] = field(default_factory=dict)

    metric_prefix: str = field(default="DeliveryToHttpEndpoint", init=False)

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work."""
        arguments.matches("destination.url", self.url, _HTTPS, _HTTPS_IN_WORDS)

    def delivery(self, settings: DeliverySettings) -> Delivery:
        """The delivery for the delivery stream."""
        return Delivery(
            http_endpoint=_Stream.HttpEndpointDestinationConfigurationProperty(
                role_arn=settings.role_arn,
                endpoint_configuration=_Stream.HttpEndpointConfigurationProperty(url=self.url, name=self.name),
                request_configuration=_Stream.HttpEndpointRequestConfigurationProperty(
                    content_encoding="GZIP",
                    common_attributes=[
                        _Stream.HttpEndpointCommonAttributeProperty(attribute_name=name, attribute_value=value)
                        for name, value in self.attributes.items()
                    ],
                ),
                secrets_manager_configuration=_credentials(self.secret, settings),
                s3_backup_mode="AllData" if settings.backup_all else "FailedDataOnly",
                s3_configuration=settings.backup,
                buffering_hints=_Stream.BufferingHintsProperty(
                    interval_in_seconds=settings.buffer_seconds, size_in_m_bs=settings.buffer_mebibytes
                ),
                retry_options=_Stream.RetryOptionsProperty(duration_in_seconds=settings.retry_seconds),
                cloud_watch_logging_options=settings.logging,
            )
        )


@dataclass(frozen=True, kw_only=True)
class DatadogDestination(HttpDestination):
    """Datadog, whose intake unpacks the records itself.

    Attributes:
        url: The intake of your Datadog site. Left out: that of the site EU1.
        secret: A secret with the JSON key ``api_key``.
        name: Left out: ``Datadog``.
        attributes: Become tags, such as ``{"env": "production"}``. Left out: none.

    Source: https://docs.datadoghq.com/logs/guide/send-aws-services-logs-with-the-datadog-kinesis-firehose-destination/
    """

    url: str = "https://aws-kinesis-http-intake.logs.datadoghq.eu/v1/input"
    name: str = "Datadog"


@dataclass(frozen=True, kw_only=True)
class CollectorDestination(HttpDestination):
    """An OpenTelemetry Collector with the receiver ``awsfirehose``, which passes logs on by OTLP.

    This is the way to AppDynamics and to whatever takes OTLP: they have no endpoint for the protocol of Firehose, and
    Firehose does not speak OTLP. You run the collector, reachable on port 443 with a publicly trusted certificate; its
    exporter ``otlphttp`` names the system and holds its credentials.

    Attributes:
        url: The receiver's URL.
        secret: A secret with the JSON key ``api_key``, the receiver's ``access_key``.
        name: Left out: ``OpenTelemetry Collector``.
        attributes: Sent with every request. Left out: none.

    Source: https://pkg.go.dev/github.com/open-telemetry/opentelemetry-collector-contrib/receiver/awsfirehosereceiver
    """

    name: str = "OpenTelemetry Collector"


def _credentials(
    secret: secretsmanager.ISecret, settings: DeliverySettings
) -> firehose.CfnDeliveryStream.SecretsManagerConfigurationProperty:
    return _Stream.SecretsManagerConfigurationProperty(
        enabled=True, secret_arn=secret.secret_arn, role_arn=settings.role_arn
    )


def _at_most(value: float, most: float) -> float:
    return value if Token.is_unresolved(value) else min(value, most)


def _unpacked() -> firehose.CfnDeliveryStream.ProcessingConfigurationProperty:
    """Decompress what CloudWatch Logs packed, and take the messages out of it."""
    parameter, processor = _Stream.ProcessorParameterProperty, _Stream.ProcessorProperty
    return _Stream.ProcessingConfigurationProperty(
        enabled=True,
        processors=[
            processor(
                type="Decompression",
                parameters=[parameter(parameter_name="CompressionFormat", parameter_value="GZIP")],
            ),
            processor(
                type="CloudWatchLogProcessing",
                parameters=[parameter(parameter_name="DataMessageExtraction", parameter_value="true")],
            ),
        ],
    )
