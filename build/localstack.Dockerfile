# LocalStack as the acceptance tests run it: docs/contributing/acceptance-tests.md
# Release 4.14.0 is the last one that starts without an account's token.
FROM localstack/localstack:4.14.0
# Provider v2 of DynamoDB has DynamoDB Local's own streams. The default one needs a Kinesis server besides.
ENV PROVIDER_OVERRIDE_DYNAMODB=v2 PROVIDER_OVERRIDE_DYNAMODBSTREAMS=v2 DISABLE_EVENTS=1
