# The production image: the server, its production dependencies and the web clients, without what builds them.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# npm ci also generates the database client and builds the web clients; pruning takes the tools away again.
RUN npm ci --no-audit --no-fund && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/src ./src
COPY --from=build /app/examples/interview-room/dist ./examples/interview-room/dist
COPY --from=build /app/examples/live-dashboard/dist ./examples/live-dashboard/dist
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
