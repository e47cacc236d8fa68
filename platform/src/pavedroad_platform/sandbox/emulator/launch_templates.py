"""The keys of volumes in launch templates, which MiniStack keeps and does not tell."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2


def install() -> None:
    """Tell the key of each volume."""
    described = ec2._lt_data_xml

    def data_xml(data: Mapping[str, Any]) -> str:
        text = str(described(data))
        for mapping in data.get("BlockDeviceMappings", []):
            key = mapping.get("Ebs", {}).get("KmsKeyId")
            if key:
                beginning = f"<deviceName>{escape(mapping['DeviceName'])}</deviceName><ebs>"
                text = text.replace(beginning, f"{beginning}<kmsKeyId>{escape(key)}</kmsKeyId>")
        return text

    ec2._lt_data_xml = data_xml
