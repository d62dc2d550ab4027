# Everything a fresh machine with Node 20.19+ and npm needs: each target installs what it uses.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo run test test-programs test-node test-deploy unit check bench faults fuzz build clean screenshots sbom release docs-site

ARGS ?=
RUNS ?= 100
SEED ?= 1
ROUNDS ?= 10
NODE ?= 24
# The same as in the first lines of dist/main.js: a small young generation keeps an idle daemon small.
NODE_FLAGS := --max-semi-space-size=2 --v8-pool-size=1
# For containers, network volumes and proxies: a small user land, a file system that shares no memory, two proxies.
LINUX_PROGRAMS := $(if $(filter Linux,$(shell uname)),busybox bindfs fusermount3 tinyproxy microsocks)
FRAMEWORKS := test/browser/frameworks
REAL_AGENTS := test/real-agents
DOCS_SITE := src/tools/docs-site
# For the units of systemd, the manifests of Kubernetes and the rules of Prometheus: their tools judge what is in deploy/.
DEPLOY_PROGRAMS := $(if $(filter Linux,$(shell uname)),systemd-analyze bwrap python3-seccomp kubectl prometheus)
OTHER_BROWSERS := $(if $(filter Linux,$(shell uname)),firefox-esr WebKitWebDriver Xvfb)
export npm_config_update_notifier = false

## help: this list
help:
	@grep -E '^## ' $(MAKEFILE_LIST) | sed 's/^## /  make /'

node_modules/.installed: package.json package-lock.json
	npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

dist/main.js: node_modules/.installed $(shell find src -type f)
	npm run --silent build

# The frameworks of the examples, for the tests alone; where they cannot be installed those tests are left out, and named.
$(FRAMEWORKS)/node_modules/.installed: $(FRAMEWORKS)/package-lock.json
	-npm ci --prefix $(FRAMEWORKS) --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

# Agents and model servers that others wrote, for the tests alone; where they cannot be installed those tests are left out, and named.
# Not with `npm ci`: optional packages of one of them are in no registry.
$(REAL_AGENTS)/node_modules/.installed: $(REAL_AGENTS)/package-lock.json
	-npm install --prefix $(REAL_AGENTS) --no-save --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

build: dist/main.js

## demo: the daemon against a WhatsApp made for demos, page at http://127.0.0.1:8765 (no phone, no internet); ARGS=--business: with a Business number
demo: dist/main.js
	@exec node $(NODE_FLAGS) dist/main.js demo $(ARGS)

## run: the same daemon on the real WhatsApp
run: dist/main.js
	@exec node $(NODE_FLAGS) dist/main.js run $(ARGS)

## test: every test; installs the browsers and what else it drives with apt when it can, or names what is missing
test: dist/main.js test-programs
	npm run --silent test

# What the tests drive besides the daemon.
test-programs: node_modules/.installed
	@bash test/support/ensure-installed.sh chromium curl python3 python3-websockets redis-server $(LINUX_PROGRAMS)
	@bash test/support/ensure-installed.sh --optional $(OTHER_BROWSERS) $(DEPLOY_PROGRAMS) ffmpeg gocryptfs
	@$(MAKE) --no-print-directory $(FRAMEWORKS)/node_modules/.installed $(REAL_AGENTS)/node_modules/.installed

## test-node: the same tests on another Node, fetched from npm, such as NODE=22; ARGS="--project unit": some of them. For the night, not for every change
test-node: dist/main.js test-programs
	@program=$$(npm exec -- tsx -e "import('./test/support/fetch-node.ts').then(({ fetchNode }) => console.log(fetchNode('$(NODE)')))") && \
	export PATH="$$(dirname "$$program"):$$PATH" && \
	node --version && node node_modules/vitest/vitest.mjs run $(ARGS)

## test-deploy: builds the image of deploy/docker with buildah over a Debian of its own, and runs it; installs the packed file on a fresh Debian, with its own tools and with BusyBox's; as root, about four minutes, not part of `make test`
test-deploy: dist/main.js
	@bash test/support/ensure-installed.sh buildah debootstrap busybox systemd-analyze
	npm run --silent test -- --config test/deploy/vitest.config.ts

## unit: the tests of single rooms, in about a minute; ARGS=--changed: those that import what was edited
unit: node_modules/.installed
	npm run --silent test -- --project unit $(ARGS)

## check: linters, formatting, types, docs in step with the schemas, and no stray file at the top level
check: dist/main.js
	npm run --silent lint
	npm run --silent format:check
	npm run --silent typecheck
	npm run --silent knip
	npm run --silent docs -- --check
	node src/tools/check-top-level.mjs
	node src/tools/check-package.mjs
	npm_config_ignore_scripts=true npx --no-install attw --pack . --profile esm-only --format ascii --no-summary > /dev/null

## bench: figures against a bare Baileys bot measured in the same run
bench: dist/main.js
	npm run --silent bench -- $(ARGS)

## faults: kills and hurts the daemon at random instants, counts at the phones; RUNS=100 SEED=1 ARGS=--bare; ARGS=--business: with a Business number
faults: dist/main.js
	@npm exec --no -- tsx test/faults/main.ts --runs $(RUNS) --seed $(SEED) $(ARGS)

## fuzz: odd configs, frames and stanzas, ROUNDS times as many as in `make test`, and other cases of every property; ROUNDS=10 SEED=1
fuzz: node_modules/.installed
	FUZZ_SEED=$(SEED) FUZZ_ROUNDS=$(ROUNDS) npm run --silent test -- test/faults/fuzz test/unit

## screenshots: everything that the card can show, in light and dark, into screenshots/; ARGS="--width 320,1200 --stress"
screenshots: dist/main.js
	@bash test/support/ensure-installed.sh chromium
	@npm exec --no -- tsx test/browser/screenshots.ts $(ARGS)

# The generator of the site, for this target alone.
$(DOCS_SITE)/node_modules/.installed: $(DOCS_SITE)/package-lock.json
	npm ci --prefix $(DOCS_SITE) --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

## docs-site: the documents as a site with search, into site/, and looks at it in a browser; DOCS_BASE=/whatsappd/
docs-site: node_modules/.installed $(DOCS_SITE)/node_modules/.installed
	@bash test/support/ensure-installed.sh chromium
	@rm -rf site
	node $(DOCS_SITE)/build-site.mjs
	npm run --silent test -- --config test/site/vitest.config.ts

## sbom: the software bill of materials (CycloneDX) of what an installation holds, to stdout
sbom: dist/main.js
	@node src/tools/sbom.mjs

## release: what a release consists of, in release/: the package, its bill of materials, checksums (docs/releases.md)
release: dist/main.js
	@rm -rf release && mkdir release
	@npm pack --silent --pack-destination release > /dev/null
	@node src/tools/sbom.mjs > release/whatsappd.cdx.json
	@cd release && sha256sum -- *.tgz *.json > SHA256SUMS && cat SHA256SUMS

clean:
	rm -rf dist release site node_modules coverage $(FRAMEWORKS)/node_modules $(REAL_AGENTS)/node_modules $(DOCS_SITE)/node_modules
