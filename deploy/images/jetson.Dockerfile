# hc for a Jetson, with llama.cpp built for its GPU. Build it on the board, or on another arm64 machine. Not built by us: we had no Jetson.
#
#   JetPack 6 (Orin):  docker build -f deploy/images/jetson.Dockerfile -t REGISTRY/hybrid-conversations:jetpack6 .
#   JetPack 7 (Thor):  docker build -f deploy/images/jetson.Dockerfile --build-arg BASE=nvcr.io/nvidia/cuda:13.0.0-devel-ubuntu24.04 --build-arg CUDA_ARCHITECTURES=110 -t REGISTRY/hybrid-conversations:jetpack7 .
#   docker run --runtime nvidia -p 127.0.0.1:5080:5080 -v hc:/data -v /var/lib/hybrid-conversations/models:/models:ro --ulimit memlock=-1 \
#     REGISTRY/hybrid-conversations:jetpack6 serve --model /models/llama-3.2-3b.gguf --urls http://0.0.0.0:5080
#
# The base must fit the board's driver: `cat /etc/nv_tegra_release` says the release (R36.4 is JetPack 6.1 and 6.2).
ARG BASE=nvcr.io/nvidia/l4t-jetpack:r36.4.0

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/HybridConversations.Cli -c Release -r linux-arm64 --self-contained -o /app

FROM ${BASE} AS llama
# 87: Orin. 110: Thor.
ARG CUDA_ARCHITECTURES=87
# hc refuses a release that it does not know: the structs of llama.cpp's C interface change.
ARG LLAMA_CPP=v0.5.0
RUN apt-get update && apt-get install -y --no-install-recommends git cmake build-essential ca-certificates && rm -rf /var/lib/apt/lists/*
RUN git clone --depth 1 --branch "${LLAMA_CPP}" https://github.com/ggml-org/llama.cpp /llama.cpp
WORKDIR /llama.cpp
RUN cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES="${CUDA_ARCHITECTURES}" -DBUILD_SHARED_LIBS=ON -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    && cmake --build build --config Release -j "$(nproc)"

FROM ${BASE}
# The image has other names for libicu in each Ubuntu; hc needs no culture data.
ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 openssl && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1654 --create-home --groups video hc && mkdir /data && chown hc /data
COPY --from=build /app /app
COPY --from=llama /llama.cpp/build/bin /opt/llama
COPY deploy/images/healthcheck /usr/local/bin/hc-healthcheck
USER 1654
ENV HC_LLAMA_LIB=/opt/llama HC_DATA=/data
VOLUME /data
EXPOSE 5080 11111 30000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["hc-healthcheck"]
ENTRYPOINT ["/app/hc"]
