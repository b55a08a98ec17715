# hc for x64 with CUDA 12, over LLamaSharp's CUDA package (nuget.org). Not built by us: the package does not restore where this was written.
#
#   docker build -f deploy/images/cuda12.Dockerfile -t REGISTRY/hybrid-conversations:cuda12 .
#   docker run --gpus all -p 127.0.0.1:5080:5080 -v hc:/data -v $PWD/models:/models:ro REGISTRY/hybrid-conversations:cuda12 serve --model /models/llama-3.2-3b.gguf --urls http://0.0.0.0:5080
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/HybridConversations.Cli -c Release -r linux-x64 --self-contained -p:Cuda=12 -o /app

# LLamaSharp takes its CUDA library only where it sees a CUDA 12 runtime: this image sets CUDA_VERSION.
FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04
RUN apt-get update && apt-get install -y --no-install-recommends libicu74 libgomp1 openssl && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1654 --create-home hc && mkdir /data && chown hc /data
COPY --from=build /app /app
COPY deploy/images/healthcheck /usr/local/bin/hc-healthcheck
USER 1654
ENV HC_DATA=/data
VOLUME /data
EXPOSE 5080 11111 30000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["hc-healthcheck"]
ENTRYPOINT ["/app/hc"]
