# One image for web, relay, worker and beat. Stages: the browser's packages, Python's, and what runs.
ARG PYTHON=3.13-slim
ARG NODE=24-slim

FROM node:${NODE} AS browser
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:${PYTHON} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /opt/hub
COPY requirements.lock ./
RUN /opt/hub/bin/pip install -q --require-hashes -r requirements.lock

FROM python:${PYTHON} AS hub
ENV PATH=/opt/hub/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=hub.settings \
    HUB_DATA_DIR=/data HUB_STATIC_ROOT=/opt/static HUB_HASHED_STATIC=1 \
    PROMETHEUS_MULTIPROC_DIR=/tmp/figures
RUN groupadd --gid 10001 hub && useradd --uid 10001 --gid hub --no-create-home --shell /usr/sbin/nologin hub \
 && install -d -o hub -g hub /data /opt/static /tmp/figures
COPY --from=packages /opt/hub /opt/hub
WORKDIR /srv/hub
COPY . .
# The files are hashed and compressed here, so that every container serves the same.
RUN --mount=type=bind,from=browser,source=/build/node_modules,target=/srv/hub/node_modules \
    HUB_DEVELOPMENT=1 HUB_DATA_DIR=/tmp/build python3 manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf /tmp/build && python3 -m compileall -q /srv/hub
USER hub
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "-c", "hub/gunicorn.py", "hub.wsgi"]
