from pavedroad_platform.guardrails.declarative import ec2_policy, s3_policy


def test_no_bucket_is_public() -> None:
    assert s3_policy() == {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}


def test_instances_demand_tokens_and_nothing_is_shared_with_everybody() -> None:
    attributes = ec2_policy()["ec2_attributes"]
    assert attributes["instance_metadata_defaults"]["http_tokens"] == {"@@assign": "required"}
    assert attributes["image_block_public_access"] == {"state": {"@@assign": "block_new_sharing"}}
    assert attributes["snapshot_block_public_access"] == {"state": {"@@assign": "block_all_sharing"}}
    assert attributes["serial_console_access"] == {"status": {"@@assign": "disabled"}}
