# `make help` lists the words. Each does its own set-up; the work is in scripts/.

PORT = 8000
HOST = 127.0.0.1
ARGS =
MINUTES = 60

.PHONY: help demo test soak check client clean

help: ## List these words.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

demo: ## Serve the gallery. PORT=8000 HOST=127.0.0.1
	@scripts/setup.sh gallery
	@exec .venv/bin/helio run gallery/app.py --host $(HOST) --port $(PORT)

test: ## Run every test. ARGS='-k words' goes to pytest.
	@scripts/test.sh $(ARGS)

soak: ## Run the long forms of tests. MINUTES=60
	@scripts/soak.sh $(MINUTES)

check: ## Check format, lint and types.
	@scripts/setup.sh check
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/pyright
	@if [ -d client/node_modules ]; then set -x; client/node_modules/.bin/tsc --noEmit -p client; fi

client: ## Rebuild the browser runtime (needs Node).
	cd client && npm ci --no-audit --no-fund && npm run build

clean: ## Remove everything these words have made.
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis client/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
