# The gateway with one puppet built in. Build context: bot/gateway/server
FROM node:20-slim
ARG PUPPET=wechaty-puppet-wechat4u
WORKDIR /gateway
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
    && npm install --no-save "$PUPPET" \
    && npm cache clean --force
COPY *.mjs ./
RUN install -d -o node -g node -m 0700 /session
USER node
VOLUME /session
STOPSIGNAL SIGTERM
ENV PUPPET=$PUPPET
CMD ["sh", "-c", "exec node server.mjs --puppet \"$PUPPET\" --host 0.0.0.0 --port 18788 --memory \"/session/$PUPPET\""]
