# Every target works in a fresh clone: what is missing is installed first.
# Words printed for people are Chinese; comments are English.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# The caller's environment must not leak into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

VENV   := .venv
PY     := $(VENV)/bin/python
SERVER := bot/gateway/server
PUPPET ?= wechaty-puppet-wechat4u
PORT   ?= 18788
DATA   ?= $(wildcard ../shared/data)
ARGS   ?=
# On every core; whoever is done takes over from the others.
PYTEST := -q -n auto --dist worksteal

PY_STAMP   := $(VENV)/.installed
NODE_STAMP := $(SERVER)/node_modules/.installed

# Prints every usable interpreter as "3.12 <path>", one line a version.
# Some "python3.12" on the PATH are stubs that fail, so each candidate is asked.
find_pythons := for v in 3.11 3.12 3.13; do \
	for p in python$$v python3 $$HOME/.pyenv/versions/$$v.*/bin/python; do \
	  if "$$p" -c "import sys, ensurepip, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$$v')" >/dev/null 2>&1; \
	  then echo "$$v $$p"; break; fi; done; done

pip_quiet := env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_WARN_SCRIPT_LOCATION=1

.PHONY: help install demo run pair check doctor test test-all lint format types bench eval soak coverage mutate gateway clean

help: ## 这张表
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(PY_STAMP) $(NODE_STAMP) ## 装好 Python 与 Node 的依赖（别的命令会自动先做这一步）
	@echo "依赖都装好了。"

$(PY_STAMP): pyproject.toml constraints.txt
	@python=$$($(find_pythons)); python=$$(head -n 1 <<<"$$python" | cut -d' ' -f2-); \
	if [ -z "$$python" ]; then \
	  echo "找不到 Python 3.11、3.12 或 3.13（要带 venv 模块；Debian/Ubuntu：sudo apt install python3 python3-venv）。" >&2; exit 1; fi; \
	echo "正在准备 Python 环境（$$("$$python" -c 'import platform; print(platform.python_version())')，约一分钟）……"; \
	[ -x $(PY) ] && $(PY) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	  || { rm -rf $(VENV); "$$python" -m venv $(VENV); }; \
	$(call pip_install,$(PY),$(VENV)); \
	touch $@

# $(call pip_install,python,venv): pip's chatter goes to a file and is shown only when it fails.
pip_install = $(pip_quiet) $(1) -m pip install -q -e '.[dev,play,llm]' -c constraints.txt >$(2)/install.log 2>&1 \
	|| { grep -v 'is ignored: it is neither' $(2)/install.log >&2; \
	     echo "Python 依赖没有装上：请看上面的原因，多半是网络或软件源；解决后再运行同一条命令即可。" >&2; exit 1; }

$(NODE_STAMP): $(SERVER)/package.json $(SERVER)/package-lock.json
	@if ! node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null || ! command -v npm >/dev/null; then \
	  echo "找不到 Node.js 20 或更新的版本（连同 npm）：测试和自带网关要用它，请先安装。" >&2; exit 1; fi; \
	echo "正在准备网关的 Node 依赖（约半分钟）……"; \
	log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	(cd $(SERVER) && npm ci --no-audit --no-fund --loglevel=error) >"$$log" 2>&1 \
	  || { cat "$$log" >&2; echo "Node 依赖没有装上：请看上面的原因，多半是网络；解决后再运行同一条命令即可。" >&2; exit 1; }; \
	touch $@

demo: $(PY_STAMP) ## 看机器人在模拟的茶友群里过两个星期（约半分钟）
	@$(PY) -m bot demo $(ARGS)

run: $(PY_STAMP) ## 连上真的网关，开始服务（先写好 config.yaml 与环境变量）
	@$(PY) -m bot run $(ARGS)

pair: $(PY_STAMP) ## 打印一个新的群主配对码
	@$(PY) -m bot pair $(ARGS)

check: $(PY_STAMP) ## 检查 config.yaml
	@$(PY) -m bot check $(ARGS)

doctor: $(PY_STAMP) ## 体检：版本、网关、磁盘、权限、备份
	@$(PY) -m bot doctor $(ARGS)

gateway: $(NODE_STAMP) ## 在本机启动网关并显示二维码：make gateway PUPPET=wechaty-puppet-wechat4u
	@cd $(SERVER); \
	if [ "$(PUPPET)" != mock ] && [ ! -d "node_modules/$(PUPPET)" ]; then \
	  echo "正在安装 $(PUPPET)……"; npm install --no-save --no-audit --no-fund --loglevel=error "$(PUPPET)"; fi; \
	exec node server.mjs --puppet "$(PUPPET)" --port $(PORT) --memory "$(CURDIR)/data/gateway/$(PUPPET)" $(ARGS)

lint: $(PY_STAMP)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { $(PY) -m ruff format --check . >&2 || true; echo "排版不一致：运行 make format。" >&2; exit 1; }

types: $(PY_STAMP)
	@$(PY) -m mypy --no-error-summary

format: $(PY_STAMP) ## 整理代码排版
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .

test: $(PY_STAMP) $(NODE_STAMP) lint types ## 全部检查与测试
	@$(PY) -m pytest $(PYTEST) $(ARGS)

test-all: $(PY_STAMP) $(NODE_STAMP) lint types ## 在找得到的每个 Python（3.11、3.12、3.13）上各测一遍
	@found=$$($(find_pythons)); \
	while read -r version python; do \
	  venv=.venvs/$$version; \
	  if [ ! -f $$venv/.installed ] || [ pyproject.toml -nt $$venv/.installed ] || [ constraints.txt -nt $$venv/.installed ]; then \
	    echo "正在准备 Python $$version 的环境……"; \
	    [ -x $$venv/bin/python ] || "$$python" -m venv $$venv; \
	    $(call pip_install,$$venv/bin/python,$$venv); \
	    touch $$venv/.installed; fi; \
	  echo "Python $$version："; \
	  $$venv/bin/python -m pytest $(PYTEST) $(ARGS) </dev/null; \
	done <<<"$$found"; \
	echo "测过的版本：$$(cut -d' ' -f1 <<<"$$found" | paste -sd' ')"

bench: $(PY_STAMP) $(NODE_STAMP) ## 测速度与内存
	@$(PY) -m tests.bench $(if $(DATA),--data $(DATA)) $(ARGS)

eval: $(PY_STAMP) ## 用标注数据衡量准确度
	@$(PY) -m tests.eval $(if $(DATA),--data $(DATA)) $(ARGS)

soak: $(PY_STAMP) $(NODE_STAMP) ## 长时间的故障演练
	@$(PY) -m tests.faults --long $(if $(DATA),--data $(DATA)) $(ARGS)
	@$(if $(DATA),QUNXING_DATA=$(abspath $(DATA))) $(PY) -m pytest -q -m slow tests/flows tests/integrity

coverage: $(PY_STAMP) $(NODE_STAMP) ## 测试走过了多少岔路，按目录列出（要好一阵）
	@$(PY) -m coverage erase
	@$(PY) -m pytest $(PYTEST) --cov --cov-report= $(ARGS)
	@$(PY) -m tests.covered

mutate: $(PY_STAMP) ## 在要紧的几处故意写错，看测试发不发现（每处抽 40 个，约十分钟）
	@$(PY) -m tests.mutation $(ARGS)

clean: ## 删掉安装与缓存（不碰 data/）
	@rm -rf $(VENV) .venvs $(SERVER)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	  build dist *.egg-info .coverage htmlcov
	@find bot plugins migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
