// The OpenAPI 3.1 document, src/api/openapi.json, built into the program.
#pragma once

#include <string_view>

namespace zan::api {

std::string_view openapi_document();

}  // namespace zan::api
