# Each target is one line of the tools beneath; .venv/bin/pavedroad and .venv/bin/python app.py do the same by hand.
PYTHON ?= python3
PROFILE ?=
RUN = PATH="$(CURDIR)/.venv/bin:$$PATH"
CDK = $(RUN) JSII_NODE="$(CURDIR)/.venv/bin/node" node_modules/.bin/cdk

.PHONY: install sandbox sandbox-down test check synth diff deploy requirements

install:
	@$(PYTHON) requirements/install.py

sandbox: install  ## deploy everything to an embedded AWS on 127.0.0.1 and launch a product in it
	@$(RUN) pavedroad sandbox up

sandbox-down: install
	@$(RUN) pavedroad sandbox down

test: install  ## everything that the tests prove, the sandbox deployment included
	@$(RUN) pytest -n 2

check: install  ## the static checks: style, types, imports, templates, releases
	@$(RUN) pavedroad check

synth: install
	@$(CDK) synth --quiet

diff: install
	@$(CDK) diff $(if $(PROFILE),--profile $(PROFILE))

deploy: install
	@$(CDK) deploy --all $(if $(PROFILE),--profile $(PROFILE))

requirements: install  ## resolve the pins again
	@$(RUN) requirements/resolve
