"""What the pipeline would do, done against the sandbox: CodePipeline and CodeBuild themselves do not run there."""
