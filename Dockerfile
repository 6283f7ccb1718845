# Two stages: the second has neither compilers nor npm, runs as nobody special, and keeps its data in one volume.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/majlis
COPY requirements.lock ./
RUN /opt/majlis/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml hatch_build.py package.json package-lock.json .npmrc LICENSE ./
COPY server server
COPY static static
COPY templates templates
COPY migrations migrations
RUN /opt/majlis/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-bookworm
# A volume mounted at /files takes its owner from here.
RUN useradd --uid 10001 --create-home --home-dir /var/lib/majlis majlis \
    && install --directory --owner=majlis --group=majlis --mode=0700 /files
COPY --from=build /opt/majlis /opt/majlis
ENV PATH=/opt/majlis/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 MAJLIS_DATA=/var/lib/majlis
USER majlis
WORKDIR /var/lib/majlis
VOLUME /var/lib/majlis
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD python -c "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"
CMD ["majlis", "serve"]
