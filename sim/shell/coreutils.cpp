// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/coreutils.hpp"

#include <fmt/format.h>

#include "core/config/broker_config.hpp"

namespace kafkasim::sim {

namespace {

using node::Env;
using node::Output;

struct Arguments {
    std::string options;  // letters: "rp"
    std::vector<std::string> operands;
    std::string bad_option;
};

Arguments arguments_of(const std::vector<std::string>& words, std::string_view allowed) {
    Arguments arguments;
    for (size_t i = 1; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word.size() < 2 || word[0] != '-') {
            arguments.operands.push_back(word);
            continue;
        }
        for (char c : word.substr(1)) {
            if (allowed.find(c) == std::string_view::npos && arguments.bad_option.empty()) arguments.bad_option = word;
            arguments.options += c;
        }
    }
    return arguments;
}

/// A program that does its work at once. What it prints and its exit code are its whole life.
class AtOnce : public node::Node {
public:
    explicit AtOnce(std::vector<std::string> words) : words_(std::move(words)) {}
    void start(Env& env) override { env.exit(run(env)); }
    void on_accepted(Env&, node::ConnectionId, int32_t) override {}
    void on_connected(Env&, node::ConnectionId, node::Tag) override {}
    void on_disconnected(Env&, node::ConnectionId, node::Tag, node::CloseReason) override {}
    void on_message(Env&, node::ConnectionId, node::Tag, protocol::Message&&) override {}
    void on_timer(Env&, node::TimerId, node::Tag) override {}
    void on_input(Env&, std::string) override {}
    void on_input_end(Env&) override {}
    void on_signal(Env& env, node::Signal signal) override { env.exit(signal == node::Signal::Interrupt ? 130 : 143); }

protected:
    virtual int run(Env& env) = 0;
    const std::vector<std::string>& words() const { return words_; }
    int fail(Env& env, const std::string& text) const {
        env.print(Output::Stderr, words_[0] + ": " + text + "\n");
        return 1;
    }
    int refuse(Env& env, const std::string& option) const {
        return fail(env, "option '" + option + "' is not modelled");
    }

private:
    std::vector<std::string> words_;
};

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
}

class Cp final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        const Arguments given = arguments_of(words(), "fp");
        if (!given.bad_option.empty()) return refuse(env, given.bad_option);
        if (given.operands.empty()) return fail(env, "missing file operand");
        if (given.operands.size() == 1)
            return fail(env, "missing destination file operand after '" + given.operands[0] + "'");
        const std::string& target = given.operands.back();
        const bool into = env.disk().is_directory(target);
        if (given.operands.size() > 2 && !into) return fail(env, "target '" + target + "' is not a directory");
        for (size_t i = 0; i + 1 < given.operands.size(); ++i) {
            const std::string& source = given.operands[i];
            if (env.disk().is_directory(source))
                return fail(env, "-r not specified; omitting directory '" + source + "'");
            const auto text = env.disk().read_text(source);
            if (!text) return fail(env, "cannot stat '" + source + "': No such file or directory");
            env.disk().write_text(into ? target + "/" + last_part(source) : target, *text);
        }
        return 0;
    }
};

class Mkdir final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        const Arguments given = arguments_of(words(), "p");
        if (!given.bad_option.empty()) return refuse(env, given.bad_option);
        if (given.operands.empty()) return fail(env, "missing operand");
        int code = 0;
        for (const std::string& directory : given.operands) {
            if (given.options.empty() && env.disk().exists(directory)) {
                code = fail(env, "cannot create directory '" + directory + "': File exists");
            } else {
                env.disk().make_directories(directory);
            }
        }
        return code;
    }
};

class Cat final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        const Arguments given = arguments_of(words(), "");
        if (!given.bad_option.empty()) return refuse(env, given.bad_option);
        int code = 0;
        for (const std::string& path : given.operands) {
            const auto text = env.disk().read_text(path);
            if (text) {
                env.print(Output::Stdout, *text);
            } else {
                code = fail(
                    env, path + (env.disk().is_directory(path) ? ": Is a directory" : ": No such file or directory"));
            }
        }
        return given.operands.empty() ? fail(env, "reading standard input is not modelled") : code;
    }
};

class Ls final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        const Arguments given = arguments_of(words(), "1a");
        if (!given.bad_option.empty()) return refuse(env, given.bad_option);
        const std::string path = given.operands.empty() ? "." : given.operands[0];
        const auto names = env.disk().list(path);
        if (!names && !env.disk().exists(path)) {
            fail(env, "cannot access '" + path + "': No such file or directory");
            return 2;
        }
        if (!names) env.print(Output::Stdout, path + "\n");
        for (const std::string& name : names.value_or(std::vector<std::string>())) {
            if (name[0] != '.' || given.options.find('a') != std::string::npos) env.print(Output::Stdout, name + "\n");
        }
        return 0;
    }
};

class Rm final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        const Arguments given = arguments_of(words(), "rf");
        if (!given.bad_option.empty()) return refuse(env, given.bad_option);
        const bool force = given.options.find('f') != std::string::npos;
        int code = 0;
        for (const std::string& path : given.operands) {
            if (!env.disk().exists(path)) {
                if (!force) code = fail(env, "cannot remove '" + path + "': No such file or directory");
            } else if (env.disk().is_directory(path) && given.options.find('r') == std::string::npos) {
                code = fail(env, "cannot remove '" + path + "': Is a directory");
            } else {
                env.disk().remove(path);
            }
        }
        return code;
    }
};

class Echo final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        std::string text;
        for (size_t i = 1; i < words().size(); ++i) text += (i > 1 ? " " : "") + words()[i];
        env.print(Output::Stdout, text + "\n");
        return 0;
    }
};

class Seq final : public AtOnce {
    using AtOnce::AtOnce;
    int run(Env& env) override {
        const auto number = [this](size_t i) { return config::parse_whole(words()[i]); };
        if (words().size() < 2 || words().size() > 3) return fail(env, "one or two numbers are modelled");
        const auto last = number(words().size() - 1);
        const auto first = words().size() == 3 ? number(1) : std::optional<int64_t>(1);
        if (!first || !last) return fail(env, "invalid floating point argument: '" + words().back() + "'");
        std::string text;
        for (int64_t i = *first; i <= *last; ++i) text += std::to_string(i) + "\n";
        env.print(Output::Stdout, text);
        return 0;
    }
};

}  // namespace

std::unique_ptr<node::Node> make_coreutil(const std::vector<std::string>& words) {
    const std::string& name = words.front();
    if (name == "cp") return std::make_unique<Cp>(words);
    if (name == "mkdir") return std::make_unique<Mkdir>(words);
    if (name == "cat") return std::make_unique<Cat>(words);
    if (name == "ls") return std::make_unique<Ls>(words);
    if (name == "rm") return std::make_unique<Rm>(words);
    if (name == "echo") return std::make_unique<Echo>(words);
    if (name == "seq") return std::make_unique<Seq>(words);
    return nullptr;
}

}  // namespace kafkasim::sim
