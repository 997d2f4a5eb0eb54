# SPDX-License-Identifier: Apache-2.0
#
# Includes are written from the project's root ("core/base/time.hpp"), but no target has the root itself on its include
# path: each gets a folder with a link to the one source folder it may see. So core cannot include sim: it is not there.
function(kafkasim_include_root variable folder)
  set(root ${CMAKE_CURRENT_BINARY_DIR}/include/${folder})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${folder} ${root}/${folder} SYMBOLIC)
  set(${variable} ${root} PARENT_SCOPE)
endfunction()
