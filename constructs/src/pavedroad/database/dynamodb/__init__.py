"""Tables on DynamoDB."""
