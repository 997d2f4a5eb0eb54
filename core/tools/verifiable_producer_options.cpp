// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-verifiable-producer.sh, with the words of its help.
// Kafka 3.0.0: org.apache.kafka.tools.VerifiableProducer.argParser.

#include "core/tools/verifiable_producer_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kUsage = R"(usage: verifiable-producer [-h] --topic TOPIC [--max-messages MAX-MESSAGES]
                           [--throughput THROUGHPUT] [--acks ACKS]
                           [--producer.config CONFIG_FILE]
                           [--message-create-time CREATETIME]
                           [--value-prefix VALUE-PREFIX]
                           [--repeating-keys REPEATING-KEYS]
                           (--bootstrap-server HOST1:PORT1[,HOST2:PORT2[...]]
                           | --broker-list HOST1:PORT1[,HOST2:PORT2[...]])
)";

constexpr std::string_view kHelp = R"(
This tool produces increasing integers  to  the  specified topic and prints
JSON metadata to stdout on  each  "send" request, making externally visible
which messages have been acked and which have not.

optional arguments:
  -h, --help             show this help message and exit
  --topic TOPIC          Produce messages to this topic.
  --max-messages MAX-MESSAGES
                         Produce  this  many   messages.   If  -1,  produce
                         messages until the  process  is killed externally.
                         (default: -1)
  --throughput THROUGHPUT
                         If set >= 0,  throttle  maximum message throughput
                         to   *approximately*    THROUGHPUT   messages/sec.
                         (default: -1)
  --acks ACKS            Acks required on each  produced message. See Kafka
                         docs on acks for details. (default: -1)
  --producer.config CONFIG_FILE
                         Producer config properties file.
  --message-create-time CREATETIME
                         Send messages with creation  time  starting at the
                         arguments  value,  in   milliseconds  since  epoch
                         (default: -1)
  --value-prefix VALUE-PREFIX
                         If specified, each produced  value  will have this
                         prefix with a dot separator
  --repeating-keys REPEATING-KEYS
                         If specified, each  produced  record  will  have a
                         key starting at 0 increment by  1 up to the number
                         specified (exclusive), then the  key  is  set to 0
                         again

Connection Group:
  Group of arguments for connection to brokers

  --bootstrap-server HOST1:PORT1[,HOST2:PORT2[...]]
                         REQUIRED: The  server(s)  to  connect  to.  Comma-
                         separated list of Kafka brokers in the form HOST1:
                         PORT1,HOST2:PORT2,...
  --broker-list HOST1:PORT1[,HOST2:PORT2[...]]
                         DEPRECATED,   use    --bootstrap-server   instead;
                         ignored  if   --bootstrap-server   is   specified.
                         Comma-separated list of Kafka  brokers in the form
                         HOST1:PORT1,HOST2:PORT2,...
)";

constexpr std::string_view kAcks[] = {"0", "1", "-1"};

constexpr ArgumentOption kOptions[] = {
    {"--topic", ArgumentKind::Text, true},
    {"--bootstrap-server", ArgumentKind::Text, false, {}, {}, true},
    {"--broker-list", ArgumentKind::Text, false, {}, {}, true},
    {"--max-messages", ArgumentKind::Integer, false, "-1"},
    {"--throughput", ArgumentKind::Integer, false, "-1"},
    {"--acks", ArgumentKind::Integer, false, "-1", kAcks},
    {"--producer.config", ArgumentKind::Text},
    {"--message-create-time", ArgumentKind::Long, false, "-1"},
    {"--value-prefix", ArgumentKind::Integer},
    {"--repeating-keys", ArgumentKind::Integer},
};

constexpr ArgumentTool kTool{"verifiable-producer", kUsage, kHelp, kOptions};

}  // namespace

const ArgumentTool& verifiable_producer_tool() { return kTool; }

}  // namespace kafkasim::tools
