"""Makes LocalStack update a Lambda alias in place, as AWS CloudFormation does.

LocalStack 4.14 replaces an alias if its function has changed, and fails because the alias already exists.
"""

from localstack.services.cloudformation.resource_provider import OperationStatus, ProgressEvent
from localstack.services.lambda_.resource_providers.lambda_alias import LambdaAliasProvider


def update(self, request):
    wanted = request.desired_state
    names = ("FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig")
    alias = request.aws_client_factory.lambda_.update_alias(**{name: wanted[name] for name in names if name in wanted})
    wanted["Id"] = alias["AliasArn"]
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=wanted)


LambdaAliasProvider.update = update
LambdaAliasProvider.SCHEMA["createOnlyProperties"] = ["/properties/Name"]
