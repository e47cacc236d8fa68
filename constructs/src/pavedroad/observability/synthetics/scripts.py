"""What a canary runs."""

from dataclasses import dataclass

from aws_cdk import aws_s3 as s3

# Its module has this name since syn-nodejs-puppeteer-13.1; the older name goes with a later runtime.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Library_nodejs_puppeteer.html
# The response is read to its end, so that an answer that breaks off counts as a failure.
HEARTBEAT = """\
const synthetics = require('@aws/synthetics-puppeteer');

exports.handler = async () => {
  const url = new URL(process.env.CHECKED_URL);
  const request = {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port || 443,
    path: url.pathname + url.search,
    method: 'GET',
    headers: { 'User-Agent': synthetics.getCanaryUserAgentString() },
  };
  const answered = (response) => new Promise((resolve, reject) => {
    if (response.statusCode < 200 || response.statusCode > 299) {
      reject(new Error(`${response.statusCode} ${response.statusMessage}`));
    }
    response.on('data', () => {});
    response.on('error', reject);
    response.on('end', resolve);
  });
  await synthetics.executeHttpStep('heartbeat', request, answered, {
    includeRequestHeaders: false,
    includeResponseHeaders: false,
    includeRequestBody: false,
    includeResponseBody: false,
    continueOnHttpStepFailure: false,
  });
};
"""


@dataclass(frozen=True, kw_only=True)
class CanaryScript:
    """A script of your own, which finds the URL in the environment variable ``CHECKED_URL``.

    Attributes:
        text: The script itself. Left out: ``bucket`` and ``key`` are given.
        bucket: The bucket that holds it, packed as Synthetics asks. Left out: ``text`` is given.
        key: The object's key. Left out: ``text`` is given.
        version: The object's version. Left out: the latest at deployment.
        handler: File and function. Left out: ``index.handler``.
    """

    text: str | None = None
    bucket: s3.IBucket | None = None
    key: str | None = None
    version: str | None = None
    handler: str = "index.handler"

    @property
    def is_complete(self) -> bool:
        """It says in one way where the script is."""
        return (self.text is None) != (self.bucket is None) and (self.bucket is None) == (self.key is None)
