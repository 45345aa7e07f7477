# JupyterLab with the Go kernel and its notebooks, for docker run and for Binder.
#
#   docker build -t interleave .
#   docker run --rm -p 8888:8888 interleave
#   docker run --rm -v "$PWD:/work" -w /work interleave interleave run nb.ipynb --html -
#
# The steps are the scripts of docker/, which run outside of Docker too; what
# each layer costs stands in docs/docker.md.
#
# The base images are pinned by their tags; a builder who wants them by digest
# gives GO_IMAGE=golang@sha256:... and BASE_IMAGE=debian@sha256:... .
ARG GO_IMAGE=golang:1.26.8-bookworm
ARG BASE_IMAGE=debian:bookworm-20250520-slim

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN docker/build.sh /src /out

FROM ${BASE_IMAGE}
# The servers that notebooks measure; empty for a smaller image, in which those
# notebooks say what they leave out.
ARG PARTS="postgresql redis-server"
COPY docker/system.sh /opt/docker/
RUN /opt/docker/system.sh
COPY docker/jupyter.sh docker/requirements.txt /opt/docker/
RUN /opt/docker/jupyter.sh /opt/docker/requirements.txt /opt/jupyter

ARG NB_USER=jovyan
ARG NB_UID=1000
ENV USER=${NB_USER} HOME=/home/${NB_USER} GOTOOLCHAIN=local \
    PATH=/opt/jupyter/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN useradd --create-home --uid "${NB_UID}" --shell /bin/bash "${NB_USER}"
COPY --from=build /out/go /usr/local/go
COPY --from=build /out/bin/interleave /usr/local/bin/
COPY --from=build --chown=${NB_UID}:${NB_UID} /out/cache ${HOME}/.cache
COPY docker/user.sh docker/healthy.py docker/notebook.py /opt/docker/
COPY --chown=${NB_UID}:${NB_UID} notebooks ${HOME}/notebooks
COPY --chown=${NB_UID}:${NB_UID} README.md LICENSE ${HOME}/

USER ${NB_UID}
WORKDIR ${HOME}
RUN /opt/docker/user.sh

EXPOSE 8888
HEALTHCHECK --interval=30s --start-period=20s CMD ["python3", "/opt/docker/healthy.py"]
ENTRYPOINT ["tini", "-g", "--"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser", "--notebook-dir=notebooks"]
