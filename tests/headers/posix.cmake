# Headers of the system are included in a few files only, above which all is standard C++.
set(homes "^(tensor/src/platform/|examples/remember/system/|examples/standard_streams\\.cpp$)")
set(system "#include <((unistd|fcntl|pthread|sched|poll|signal|termios|dirent|dlfcn|pwd|spawn)\\.h|csignal|(sys|net|netinet|arpa|linux)/)")

file(GLOB_RECURSE sources RELATIVE ${HEED_SOURCE}
     ${HEED_SOURCE}/tensor/*.h ${HEED_SOURCE}/tensor/*.cpp ${HEED_SOURCE}/autograd/*.h ${HEED_SOURCE}/autograd/*.cpp
     ${HEED_SOURCE}/nn/*.h ${HEED_SOURCE}/nn/*.cpp ${HEED_SOURCE}/examples/*.h ${HEED_SOURCE}/examples/*.cpp)
set(found_at_home 0)
foreach(source ${sources})
  file(STRINGS ${HEED_SOURCE}/${source} lines REGEX "${system}")
  if(lines AND source MATCHES "${homes}")
    math(EXPR found_at_home "${found_at_home} + 1")
  elseif(lines)
    message(SEND_ERROR "${source}: must leave the system to tensor/src/platform or examples/remember/system, got: ${lines}")
  endif()
endforeach()
if(found_at_home EQUAL 0)
  message(SEND_ERROR "no file includes a header of the system: is this the right folder? ${HEED_SOURCE}")
endif()
