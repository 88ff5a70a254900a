# Two stages: the first builds the environment from the lock, the second carries it without pip's leftovers.
FROM python:3.11-slim AS build
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock

FROM python:3.11-slim
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8080 \
    PYTHAINLP_READ_ONLY=1

# The numbers are fixed so that a volume keeps its owner over rebuilds.
RUN groupadd --gid 10001 sansiang \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin sansiang \
    && install --directory --owner=sansiang --group=sansiang --mode=0700 /data

COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY bot bot
COPY handlers handlers
COPY nlp nlp
COPY storage storage
COPY LICENSE LICENSE
# The import fails the build, not the first message, where the base image lacks something (a time zone, a C library).
RUN python -m compileall -q bot handlers nlp storage && python -c 'import bot.app'

USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["python", "-m", "bot", "run"]
