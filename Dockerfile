# The bot alone; the gateway has its own image (deploy/gateway.Dockerfile). See deploy/compose.yaml.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt LICENSE NOTICE README.md ./
COPY bot bot
COPY plugins plugins
COPY migrations migrations
RUN python -m venv /opt/qunxing \
    && /opt/qunxing/bin/pip install --no-cache-dir . -c constraints.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin qunxing \
    && install -d -o qunxing -g qunxing -m 0700 /app /app/data
COPY --from=build /opt/qunxing /opt/qunxing
ENV PATH=/opt/qunxing/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER qunxing
VOLUME /app/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s CMD ["qunxing", "status"]
ENTRYPOINT ["qunxing"]
CMD ["run"]
