# The entry points. What is longer than a few lines is in scripts/.
#
#   make run       build everything and start Shopbell with demo data at http://127.0.0.1:3001
#   make test      install what is missing and run every test: Rust, TypeScript, browser
#   make build     target/release/shopbell, with the web app inside
#   make check     formatting, lints, documentation, types, generated files
#   make e2e       the tests against the running program only
#   make generate  refresh what is made from the code: TypeScript types, docs/openapi.json
#   make soak      KILLS=50 kills under load, and proof that nothing was lost; DATABASE=postgres for the other database
#   make bench     the engine beside its peers, written to docs/performance.md (about 45 minutes on a quiet machine)
#   make bench-quick   a part of it in under 5 minutes, printed only

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run test build check e2e generate soak bench bench-quick web prerequisites
# A shell that was open before rustup was installed doesn't have cargo in its PATH yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

web_packages := web/package.json web/package-lock.json $(wildcard web/*/package.json)
web_sources := $(shell find web/client web/react web/app -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' -not -name '*.test.*')

run:
	@scripts/port-free 3001
	@$(MAKE) --no-print-directory build
	@echo '==> starting Shopbell with demo data, kept in ./data; Ctrl-C stops it'
	@exec target/release/shopbell serve --listen 127.0.0.1:3001 --data data --demo

build: prerequisites web
	@echo '==> building the server (the first time takes some minutes)'
	@cargo build --release --locked -p shopbell --bin shopbell

test:
	@scripts/prerequisites test
	@$(MAKE) --no-print-directory web
	@scripts/test

e2e: web
	@scripts/test e2e

check: web
	@scripts/check

generate:
	@scripts/generate

soak:
	@scripts/soak

bench:
	@cargo run --release --locked -p shopbell-bench -- compare --write yes

bench-quick:
	@cargo run --release --locked -p shopbell-bench -- compare --runs 3 --percent 50 --scenarios small,polling,rate

prerequisites:
	@scripts/prerequisites build

# The web app is built only when one of its sources is newer; cargo embeds the folder.
web: web/app/dist/index.html

web/app/dist/index.html: web/node_modules/.installed $(web_sources)
	@echo '==> building the web app'
	@npm --prefix web run build
	@touch $@

web/node_modules/.installed: $(web_packages)
	@echo '==> installing the web packages'
	@cd web && npm ci --no-audit --no-fund
	@touch $@
