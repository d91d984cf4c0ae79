FROM node:24-slim AS pages
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
COPY openapi.json /openapi.json
RUN npm run build

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1
RUN pip install --no-cache-dir uv==0.13.9 \
    && useradd --uid 10001 --no-create-home nightdesk \
    && install -d -o nightdesk -g nightdesk -m 700 /data
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --compile-bytecode --no-install-project
COPY alembic.ini nightdesk.py ./
COPY migrations migrations
COPY api api
COPY workers workers
COPY docs/problems.md docs/problems.md
RUN uv sync --frozen --compile-bytecode
COPY --from=pages /web/dist web/dist

ENV PATH=/app/.venv/bin:$PATH NIGHTDESK_HOST=0.0.0.0 NIGHTDESK_DATA_DIR=/data
USER nightdesk
VOLUME /data
EXPOSE 8787
HEALTHCHECK --start-period=30s --interval=15s --timeout=3s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.getenv('NIGHTDESK_PORT', 8787)}/readyz\")"]
CMD ["nightdesk", "up"]
