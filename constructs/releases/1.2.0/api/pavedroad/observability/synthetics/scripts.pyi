from dataclasses import dataclass
from aws_cdk import aws_s3 as s3
HEARTBEAT = "const synthetics = require('@aws/synthetics-puppeteer');\n\nexports.handler = async () => {\n  const url = new URL(process.env.CHECKED_URL);\n  const request = {\n    protocol: url.protocol,\n    hostname: url.hostname,\n    port: url.port || 443,\n    path: url.pathname + url.search,\n    method: 'GET',\n    headers: { 'User-Agent': synthetics.getCanaryUserAgentString() },\n  };\n  const answered = (response) => new Promise((resolve, reject) => {\n    if (response.statusCode < 200 || response.statusCode > 299) {\n      reject(new Error(`${response.statusCode} ${response.statusMessage}`));\n    }\n    response.on('data', () => {});\n    response.on('error', reject);\n    response.on('end', resolve);\n  });\n  await synthetics.executeHttpStep('heartbeat', request, answered, {\n    includeRequestHeaders: false,\n    includeResponseHeaders: false,\n    includeRequestBody: false,\n    includeResponseBody: false,\n    continueOnHttpStepFailure: false,\n  });\n};\n"

@dataclass(frozen=True, kw_only=True)
class CanaryScript:
    text: str | None = None
    bucket: s3.IBucket | None = None
    key: str | None = None
    version: str | None = None
    handler: str = 'index.handler'

    @property
    def is_complete(self) -> bool:
        ...
