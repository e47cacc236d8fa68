"""Which file answers a request."""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from pavedroad.naming import unique_name

# S3 knows no folders: /guide/ and /guide are answered by /guide/index.html, as web servers do it.
_INDEX_OF_FOLDERS = """\
function handler(event) {
    var request = event.request;
    var name = request.uri.substring(request.uri.lastIndexOf('/') + 1);
    if (name === '') {
        request.uri += 'index.html';
    } else if (name.indexOf('.') === -1) {
        request.uri += '/index.html';
    }
    return request;
}
"""
# Short, so that a page that was missing is there soon after it was uploaded.
_MISSING_FOR = Duration.seconds(10)


def index_of_folders(scope: Construct) -> cloudfront.FunctionAssociation:
    """A function at the edge that names the ``index.html`` of a folder."""
    function = cloudfront.Function(
        scope,
        "IndexOfFolders",
        function_name=unique_name(scope, longest=50, otherwise="website"),
        comment="Answers a folder with its index.html",
        code=cloudfront.FunctionCode.from_inline(_INDEX_OF_FOLDERS),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
    )
    return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)


def answers_for_missing(
    *, single_page_application: bool, root_object: str, error_page: str | None
) -> list[cloudfront.ErrorResponse]:
    """What is answered where no file is: the application, which knows its own paths, or the error page."""
    if single_page_application:
        page, status = f"/{root_object}", 200
    elif error_page is not None:
        page, status = error_page, 404
    else:
        return []
    return [
        cloudfront.ErrorResponse(
            http_status=404, response_http_status=status, response_page_path=page, ttl=_MISSING_FOR
        )
    ]
