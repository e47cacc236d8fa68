# Each target is one line of the tools beneath it; the same by hand: .venv/bin/pavedroad, .venv/bin/pytest, node_modules/.bin/cdk.
PYTHON ?= python3
PROFILE ?=
export PATH := $(CURDIR)/.venv/bin:$(PATH)
CDK = node_modules/.bin/cdk
WITH_PROFILE = $(if $(PROFILE),--profile $(PROFILE))

.PHONY: help install tools sandbox sandbox-down rehearse test check synth diff deploy benchmark requirements

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

install:  ## set up .venv and node_modules from the pins; quick when nothing changed
	@$(PYTHON) requirements/install.py

tools: install
	@$(PYTHON) requirements/install.py checkov parliament

sandbox: install  ## deploy everything to an embedded AWS on 127.0.0.1 and launch a product in it
	@pavedroad sandbox up

sandbox-down: install  ## stop the embedded AWS
	@pavedroad sandbox down

rehearse: sandbox  ## run what the pipeline would do with the last commit, against the sandbox
	@pavedroad rehearse

test: tools  ## run all tests, the deployment to the sandbox included
	@pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: tools  ## run every static check: source, types, configuration, releases, finished templates
	@pavedroad check

synth: install  ## synthesise the app with all checks
	@$(CDK) synth --quiet $(WITH_PROFILE)

diff: install  ## compare with what is deployed: make diff PROFILE=...
	@$(CDK) diff $(WITH_PROFILE)

deploy: install  ## deploy to AWS, all but the canaries: make deploy PROFILE=...
	@$(CDK) deploy '!(*-canaries)' $(WITH_PROFILE)

benchmark: install  ## measure the synthesis against the same resources in TypeScript without checks
	@python benchmarks/synthesis.py

requirements: install  ## resolve the pins again
	@requirements/resolve
