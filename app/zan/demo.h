// What an empty data folder is filled with on its first start, and what to try then.
#pragma once

#include <memory>
#include <string>

#include "connectors/connectors.h"
#include "engine/engine.h"

namespace zan::app {

// `kind`: none (null comes back), kuairand (`dataset`: its folder), synthetic.
Result<std::unique_ptr<connectors::Source>> open_demo(const std::string& kind, const std::string& dataset);

// Fills the folder unless it holds something else, or was filled before. An interrupted filling goes on. What it says
// goes to standard error.
Result<void> fill_demo(engine::Engine& engine, const std::string& data_folder, connectors::Source& source,
                       std::stop_token stop);

// Three requests with interesting answers, one a line; empty while there is nothing to ask about.
std::string requests_to_try(const engine::Engine& engine, const std::string& url);

}  // namespace zan::app
