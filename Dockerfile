# Everything that is generated, the web clients too, is made with the development tools …
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund

# … of which nothing is left in what runs, nor of npm's copy of Node: the image brings its own.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY clients/package.json clients/
COPY examples/interview-room/package.json examples/interview-room/
COPY examples/live-dashboard/package.json examples/live-dashboard/
RUN npm ci --omit=dev --omit=peer --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/prisma prisma
COPY --from=build /app/src src
COPY --from=build /app/examples/interview-room/dist examples/interview-room/dist
COPY --from=build /app/examples/live-dashboard/dist examples/live-dashboard/dist
RUN mkdir /data && chown node:node /data
VOLUME /data
# By number: Kubernetes cannot tell by a name that it is not root.
USER 1000:1000
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would keep SIGTERM to itself.
CMD ["node", "src/main.ts"]
