"""An AWS on 127.0.0.1: MiniStack in process, completed by the CloudFormation registry's schemas and Service Catalog.

It deploys through the CloudFormation API of a local emulator. That is no evidence about AWS itself; what is
emulated natively and what is only checked against its schema is told by ``GET /_pavedroad/resource-types``.
"""
