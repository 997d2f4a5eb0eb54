// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-verifiable-consumer.sh, with the words of its help.
// Kafka 3.0.0: org.apache.kafka.tools.VerifiableConsumer.argParser.

#include "core/tools/verifiable_consumer_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kUsage = R"(usage: verifiable-consumer [-h] --topic TOPIC --group-id GROUP_ID
                           [--group-instance-id GROUP_INSTANCE_ID]
                           [--max-messages MAX-MESSAGES]
                           [--session-timeout TIMEOUT_MS] [--verbose]
                           [--enable-autocommit]
                           [--reset-policy RESETPOLICY]
                           [--assignment-strategy ASSIGNMENTSTRATEGY]
                           [--consumer.config CONFIG_FILE]
                           (--bootstrap-server HOST1:PORT1[,HOST2:PORT2[...]]
                           | --broker-list HOST1:PORT1[,HOST2:PORT2[...]])
)";

constexpr std::string_view kHelp = R"(
This tool consumes  messages  from  a  specific  topic  and  emits consumer
events (e.g. group rebalances,  received  messages,  and offsets committed)
as JSON objects to STDOUT.

optional arguments:
  -h, --help             show this help message and exit
  --topic TOPIC          Consumes messages from this topic.
  --group-id GROUP_ID    The groupId shared among  members  of the consumer
                         group
  --group-instance-id GROUP_INSTANCE_ID
                         A unique identifier of the consumer instance
  --max-messages MAX-MESSAGES
                         Consume this many messages.  If  -1 (the default),
                         the consumer will  consume  until  the  process is
                         killed externally (default: -1)
  --session-timeout TIMEOUT_MS
                         Set  the  consumer's   session  timeout  (default:
                         30000)
  --verbose              Enable  to   log   individual   consumed   records
                         (default: false)
  --enable-autocommit    Enable offset  auto-commit  on  consumer (default:
                         false)
  --reset-policy RESETPOLICY
                         Set  reset  policy  (must  be  either  'earliest',
                         'latest', or 'none' (default: earliest)
  --assignment-strategy ASSIGNMENTSTRATEGY
                         Set assignment  strategy  (e.g.  org.apache.kafka.
                         clients.consumer.RoundRobinAssignor)     (default:
                         org.apache.kafka.clients.consumer.RangeAssignor)
  --consumer.config CONFIG_FILE
                         Consumer config  properties  file  (config options
                         shared  with  command  line   parameters  will  be
                         overridden).

Connection Group:
  Group of arguments for connection to brokers

  --bootstrap-server HOST1:PORT1[,HOST2:PORT2[...]]
                         REQUIRED   unless   --broker-list(deprecated)   is
                         specified. The  server(s)  to  connect  to. Comma-
                         separated list of Kafka brokers in the form HOST1:
                         PORT1,HOST2:PORT2,...
  --broker-list HOST1:PORT1[,HOST2:PORT2[...]]
                         DEPRECATED,   use    --bootstrap-server   instead;
                         ignored  if   --bootstrap-server   is   specified.
                         Comma-separated list of Kafka  brokers in the form
                         HOST1:PORT1,HOST2:PORT2,...
)";

constexpr ArgumentOption kOptions[] = {
    {"--topic", ArgumentKind::Text, true},
    {"--group-id", ArgumentKind::Text, true},
    {"--group-instance-id", ArgumentKind::Text},
    {"--bootstrap-server", ArgumentKind::Text, false, {}, {}, true},
    {"--broker-list", ArgumentKind::Text, false, {}, {}, true},
    {"--max-messages", ArgumentKind::Integer, false, "-1"},
    {"--session-timeout", ArgumentKind::Integer, false, "30000"},
    {"--verbose", ArgumentKind::Flag},
    {"--enable-autocommit", ArgumentKind::Flag},
    {"--reset-policy", ArgumentKind::Text, false, "earliest"},
    {"--assignment-strategy", ArgumentKind::Text, false, "org.apache.kafka.clients.consumer.RangeAssignor"},
    {"--consumer.config", ArgumentKind::Text},
};

constexpr ArgumentTool kTool{"verifiable-consumer", kUsage, kHelp, kOptions};

}  // namespace

const ArgumentTool& verifiable_consumer_tool() { return kTool; }

}  // namespace kafkasim::tools
