"""Declarative policies: settings of every account that hold by themselves, whoever calls whatever.

They take the place of settings in each account: an account that joins has them at once, and cannot change them.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html
"""

from typing import Any


def s3_policy() -> dict[str, Any]:
    """No bucket and no object is public, in any account. Controls: S3.1, S3.2, S3.3, S3.8."""
    return {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}


def ec2_policy() -> dict[str, Any]:
    """Instances demand IMDSv2, images and snapshots are not public, no serial console. Controls: EC2.1, EC2.8."""
    return {
        "ec2_attributes": {
            "image_block_public_access": {"state": {"@@assign": "block_new_sharing"}},
            "instance_metadata_defaults": {
                "http_tokens": {"@@assign": "required"},
                # Two hops: containers on an instance reach the metadata service through a bridge.
                "http_put_response_hop_limit": {"@@assign": "2"},
                "http_endpoint": {"@@assign": "no_preference"},
                "instance_metadata_tags": {"@@assign": "no_preference"},
            },
            "serial_console_access": {"status": {"@@assign": "disabled"}},
            "snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}},
        }
    }
