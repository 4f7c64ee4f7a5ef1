# The build has everything, the image only what runs. Debian 13, because the embedded engine is made for its C library.
# By digest, so that it is the same image every time; docs/operations.md says how to take a newer one.
ARG NODE_IMAGE=node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# What the image is made of is in it: /app/dist/sbom.cdx.json and /app/dist/THIRD_PARTY.md.
RUN npm run build && rm dist/.tsbuildinfo \
  && npm run licenses -- --write dist/THIRD_PARTY.md && npm run sbom \
  && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
WORKDIR /app
# Two arenas instead of eight per core: the database engine frees its memory from many threads, and glibc keeps it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data MALLOC_ARENA_MAX=2
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 3000
# The service handles SIGTERM and SIGINT itself and starts no child processes, so it is well as process 1 without an init.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT || process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["serve"]
