# What there is to do here. Rust is installed with rustup; everything else that is missing is fetched from Debian.

.PHONY: help run test check bench

help:
	@echo 'make run     serve a blog from this folder on http://127.0.0.1:8080'
	@echo 'make test    every test: units, whole program, real browser'
	@echo 'make check   format, lints and documentation'
	@echo 'make bench   how fast it is, against a bare server, nginx and itself with few posts'

run:
	cargo run --release --locked

test:
	@$(call need,cc:build-essential chromium:chromium chromedriver:chromium-driver $(PIP))
	@$(fetch_axe)
	cargo test --locked

check:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items

bench:
	@$(call need,cc:build-essential wrk:wrk nginx:nginx $(BROTLI):libnginx-mod-http-brotli-static strace:strace curl:curl)
	benches/run.sh $(BENCH)

# axe-core judges how well pages can be used by everybody. It comes with a package for Python, and is not ours to carry.
AXE = target/axe/axe.min.js
AXE_SHA256 = 84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc
PIP = $(shell python3 -m pip --version >/dev/null 2>&1 || echo no-pip:python3-pip)

define fetch_axe
is_axe() { echo "$(AXE_SHA256)  $(AXE)" | sha256sum --check --status 2>/dev/null; }; \
is_axe || { \
	mkdir -p target/axe && cd target/axe && \
	python3 -m pip download --quiet --no-deps --dest . axe-playwright-python==0.1.8 && \
	python3 -m zipfile -e axe_playwright_python-0.1.8-*.whl . && mv axe_playwright_python/axe.min.js . && cd ../.. && \
	is_axe || { echo "axe-core could not be fetched as it is known: see AXE in the Makefile"; exit 1; }; \
}
endef

BROTLI = /usr/lib/nginx/modules/ngx_http_brotli_static_module.so

# program:package … — installs the packages of the programs (or files) that are missing, and does nothing when none is.
define need
PATH="$$PATH:/usr/sbin"; missing=; \
for one in $(1); do command -v "$${one%%:*}" >/dev/null || [ -e "$${one%%:*}" ] || missing="$$missing $${one#*:}"; done; \
[ -z "$$missing" ] || { \
	echo "installing$$missing"; \
	command -v apt-get >/dev/null || { echo "this machine has no apt-get: please install$$missing"; exit 1; }; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	[ -z "$$sudo" ] || command -v sudo >/dev/null || { echo "as root, please: apt-get install$$missing"; exit 1; }; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes $$missing; \
}
endef
