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
	@$(call need,cc:build-essential chromium:chromium chromedriver:chromium-driver)
	cargo test --locked

check:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items

bench:
	@$(call need,cc:build-essential wrk:wrk nginx:nginx $(BROTLI):libnginx-mod-http-brotli-static strace:strace curl:curl)
	benches/run.sh $(BENCH)

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
