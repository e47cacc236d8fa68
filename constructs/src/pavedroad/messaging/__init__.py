"""Queues on SQS and topics on SNS."""
