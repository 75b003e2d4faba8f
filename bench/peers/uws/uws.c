/* uWebSockets' publish and subscribe, as `bench` measures it: the limit of a well-made C++ server. It does as much of Socket.IO
 * as the load generator needs, by comparing fixed prefixes: no JSON, no tokens, no polling, no heartbeat. A room is a topic.
 *
 * Driven through the C API in the shared library of PyPI's `socketify`; what is declared here is what it exports.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PLAIN = 0, TEXT = 1, BACKLOG = 4096, MAX_MESSAGE = 16 * 1024, MAX_ANSWER = MAX_MESSAGE + 64, MAX_WAITING = 1 << 30 };

typedef struct uws_app uws_app;
typedef struct uws_websocket uws_websocket;
typedef struct us_listen_socket us_listen_socket;

typedef struct {
  const char *key_file, *cert_file, *passphrase, *dh_params_file, *ca_file, *ciphers;
  int prefer_low_memory_usage;
} us_socket_context_options;

typedef struct {
  int port;
  const char *host;
  int options;
} uws_listen_config;

typedef struct {
  int compression;
  unsigned int max_payload_length;
  unsigned short idle_timeout;
  unsigned int max_backpressure;
  bool close_on_backpressure_limit;
  bool reset_idle_timeout_on_send;
  bool send_pings_automatically;
  unsigned short max_lifetime;
  void (*upgrade)(void);
  void (*open)(uws_websocket *, void *);
  void (*message)(uws_websocket *, const char *, size_t, int opcode, void *);
  void (*drain)(uws_websocket *, void *);
  void (*ping)(uws_websocket *, const char *, size_t, void *);
  void (*pong)(uws_websocket *, const char *, size_t, void *);
  void (*close)(uws_websocket *, int code, const char *, size_t, void *);
  void (*subscription)(uws_websocket *, const char *, size_t, int, int, void *);
} uws_socket_behavior;

uws_app *uws_create_app(int ssl, us_socket_context_options);
void uws_ws(int ssl, uws_app *, const char *pattern, uws_socket_behavior, void *user_data);
void uws_app_listen_with_config(int ssl, uws_app *, uws_listen_config,
                                void (*)(us_listen_socket *, uws_listen_config, void *), void *user_data);
void uws_app_run(int ssl, uws_app *);
bool uws_publish(int ssl, uws_app *, const char *topic, size_t, const char *message, size_t, int opcode, bool compress);
bool uws_ws_publish_with_options(int ssl, uws_websocket *, const char *topic, size_t, const char *message, size_t, int opcode,
                                 bool compress);
int uws_ws_send(int ssl, uws_websocket *, const char *message, size_t, int opcode);
bool uws_ws_subscribe(int ssl, uws_websocket *, const char *topic, size_t);
bool uws_ws_unsubscribe(int ssl, uws_websocket *, const char *topic, size_t);
int us_socket_local_port(int ssl, us_listen_socket *);
int us_poll_fd(us_listen_socket *);

/* A piece of a message. */
typedef struct {
  const char *at;
  size_t len;
} text;

static bool take_prefix(text *rest, const char *prefix) {
  size_t len = strlen(prefix);
  if (rest->len < len || memcmp(rest->at, prefix, len) != 0) return false;
  rest->at += len;
  rest->len -= len;
  return true;
}

static text take_digits(text *rest) {
  text digits = {rest->at, 0};
  while (rest->len > 0 && *rest->at >= '0' && *rest->at <= '9') {
    digits.len++;
    rest->at++;
    rest->len--;
  }
  return digits;
}

/* A name up to its closing quote, which is taken too. */
static bool take_name(text *rest, text *name) {
  const char *quote = memchr(rest->at, '"', rest->len);
  if (!quote) return false;
  *name = (text){rest->at, (size_t)(quote - rest->at)};
  rest->at += name->len + 1;
  rest->len -= name->len + 1;
  return true;
}

static text text_of(const char *string) { return (text){string, strlen(string)}; }

/* Joins a head, pieces of one message and a tail. */
static text join(char out[static MAX_ANSWER], const char *head, text a, const char *middle, text b) {
  text pieces[] = {text_of(head), a, text_of(middle), b};
  size_t len = 0;
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    memcpy(out + len, pieces[i].at, pieces[i].len);
    len += pieces[i].len;
  }
  return (text){out, len};
}

static void send_text(uws_websocket *ws, text message) { uws_ws_send(PLAIN, ws, message.at, message.len, TEXT); }

static void on_open(uws_websocket *ws, void *app) {
  (void)app;
  send_text(ws, text_of("0{\"sid\":\"-\",\"upgrades\":[],\"pingInterval\":3600000,\"pingTimeout\":20000,\"maxPayload\":16384}"));
}

static void on_message(uws_websocket *ws, const char *message, size_t len, int opcode, void *app) {
  char out[MAX_ANSWER];
  text rest = {message, len}, room, nothing = {"", 0};
  (void)opcode;
  if (take_prefix(&rest, "40")) {
    send_text(ws, text_of("40{\"sid\":\"-\"}"));
    return;
  }
  if (!take_prefix(&rest, "42")) return;
  text id = take_digits(&rest);
  if (take_prefix(&rest, "[\"publish\",\"")) {
    if (!take_name(&rest, &room)) return;
    text tick = join(out, "42[\"tick\"", nothing, "", rest);
    uws_publish(PLAIN, app, room.at, room.len, tick.at, tick.len, TEXT, false);
  } else if (take_prefix(&rest, "[\"typing\",\"")) {
    if (!take_name(&rest, &room)) return;
    text typing = join(out, "42[\"typing\"", nothing, "", rest);
    /* From a subscriber: to all the others. */
    uws_ws_publish_with_options(PLAIN, ws, room.at, room.len, typing.at, typing.len, TEXT, false);
  } else if (take_prefix(&rest, "[\"join\",\"")) {
    if (!take_name(&rest, &room)) return;
    uws_ws_subscribe(PLAIN, ws, room.at, room.len);
    send_text(ws, join(out, "43", id, "[true]", nothing));
  } else if (take_prefix(&rest, "[\"leave\",\"")) {
    if (!take_name(&rest, &room)) return;
    uws_ws_unsubscribe(PLAIN, ws, room.at, room.len);
    send_text(ws, join(out, "43", id, "[true]", nothing));
  } else if (take_prefix(&rest, "[\"echo\",")) {
    send_text(ws, join(out, "43", id, "[", rest));
  }
}

static void on_close(uws_websocket *ws, int code, const char *message, size_t len, void *app) {
  (void)ws, (void)code, (void)message, (void)len, (void)app;
}

static void on_listening(us_listen_socket *listener, uws_listen_config config, void *app) {
  (void)config, (void)app;
  /* The library asks for a backlog of 512; asking again changes it. */
  if (!listener || listen(us_poll_fd(listener), BACKLOG) != 0) {
    fprintf(stderr, "uws cannot listen\n");
    exit(1);
  }
  printf("listening on 127.0.0.1:%d\n", us_socket_local_port(PLAIN, listener));
  fflush(stdout);
}

int main(void) {
  uws_app *app = uws_create_app(PLAIN, (us_socket_context_options){0});
  /* The rest is nothing: no compression, no time-outs, no pings. */
  uws_ws(PLAIN, app, "/*",
         (uws_socket_behavior){
             .max_payload_length = MAX_MESSAGE,
             .max_backpressure = MAX_WAITING,
             .open = on_open,
             .message = on_message,
             .close = on_close,
         },
         app);
  uws_app_listen_with_config(PLAIN, app, (uws_listen_config){.host = "127.0.0.1"}, on_listening, app);
  uws_app_run(PLAIN, app);
}
