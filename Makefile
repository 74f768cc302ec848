# Each target installs what it needs, says what it does, and does not do it twice.
.PHONY: run dashboard docs test check fix bench bench-images bench-webhooks fuzz openapi examples reference proxies schemathesis help

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 14

run: ## build, and start everything for development (data in ./reupload-data)
	@scripts/install-build-tools
	@scripts/build-dashboard || echo "going on without the dashboard"
	@scripts/build-docs || echo "going on without the documentation"
	@echo "building reupload (the first time takes a few minutes)"
	@cargo build
	@exec ./target/debug/reupload dev

docs: ## build the documentation site into docs/site/dist; a release build takes it in
	@scripts/build-docs

dashboard: ## build the dashboard's pages into dashboard/dist; a release build takes them in
	@scripts/build-dashboard

test: ## run every test: format, lints, unit and integration tests on SQLite and PostgreSQL, then the SDKs and Chromium
	@scripts/install-build-tools
	@scripts/install-test-tools
	@$(MAKE) --no-print-directory check
	@scripts/build-dashboard
	@scripts/build-docs
	@echo "running the tests; PostgreSQL and clamd start by themselves"
	@cargo nextest run --workspace; status=$$?; scripts/test-postgres stop; scripts/test-clamd stop; exit $$status
	@cargo build --quiet
	@python3 scripts/reference --check
	@echo "trying the npm packages against the server, and what npm would publish of them (some minutes)"
	@scripts/test-sdk-js
	@echo "trying the dashboard's pages, on a server of their own and on the real one (some minutes)"
	@scripts/test-dashboard
	@echo "trying the documentation site"
	@scripts/test-docs
	@echo "trying in Chromium: nothing uploaded runs, names are safe, files show, the Next.js example and the dashboard work (some minutes)"
	@scripts/test-browser
	@echo "trying the Python SDK, its examples and the Django guide against the server (about a minute)"
	@scripts/test-sdk-python

check: ## format and lints, without running anything
	@cargo fmt --check
	@cargo fmt --check --manifest-path fuzz/Cargo.toml
	@cargo clippy --workspace --all-targets --quiet -- -D warnings

fix: ## format, and mend what the lints can mend
	@cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged
	@cargo fmt

openapi: ## write api/openapi.json and api/dashboard.json anew from the routes
	@cargo run --quiet -- openapi > api/openapi.json.new
	@mv api/openapi.json.new api/openapi.json
	@cargo run --quiet -- openapi --dashboard > api/dashboard.json.new
	@mv api/dashboard.json.new api/dashboard.json

examples: ## write api/examples.json anew: each operation called once, for the documentation
	@cargo build --quiet
	@scripts/install-browser-tests
	@node e2e/api-examples.mjs

reference: ## write the pages of docs/reference that are made of the sources anew
	@cargo build --quiet
	@python3 scripts/reference

proxies: ## run the nginx and the Caddy configuration of the documentation before the server (two minutes)
	@scripts/install-build-tools
	@scripts/install-test-tools
	@cargo build --quiet
	@scripts/try-proxies

schemathesis: ## try the OpenAPI document with 10,000 requests, on SQLite and on PostgreSQL (a few minutes)
	@scripts/install-build-tools
	@scripts/install-test-tools
	@cargo build --quiet
	@scripts/schemathesis
	@scripts/schemathesis --postgres; status=$$?; scripts/test-postgres stop; exit $$status

bench: ## measure durable uploads beside the raw file system, in one run
	@scripts/install-build-tools
	@cargo build --profile load --workspace
	@./target/load/bench ./target/load/reupload

bench-images: ## measure thumbnails beside vipsthumbnail, in one run
	@scripts/install-build-tools
	@command -v vipsthumbnail >/dev/null || scripts/apt-install libvips-tools
	@cargo build --profile load -p bench --bin bench-images
	@./target/load/bench-images

bench-webhooks: ## measure webhooks to 80 endpoints with and without 20 that hang beside them, in one run
	@scripts/install-build-tools
	@cargo build --profile load --workspace
	@./target/load/bench-webhooks ./target/load/reupload

# Wall time for each target of `make fuzz`.
SECONDS ?= 60
TARGETS ?= multipart signed_url range archive image_header

fuzz: ## give each parser hostile input for SECONDS (60), one after the other
	@scripts/install-build-tools
	@scripts/install-fuzz-tools
	@scripts/fuzz $(SECONDS) $(TARGETS)
